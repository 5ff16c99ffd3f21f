/** Of the kernel; null where it is not known. */
export type PythonKind = { version: string; implementation: string } | null;

/** Whether a file name's end is that of an extension module for this Python. */
export function isExtensionSuffix(suffix: string, python: PythonKind): boolean {
  if (suffix === '.so' || suffix === '.abi3.so') {
    return true;
  }
  const [major = '', minor = ''] = python?.version.split('.') ?? [];
  const tag = !python
    ? '.'
    : python.implementation === 'cpython'
      ? `.cpython-${major}${minor}`
      : `.${python.implementation}${major}${minor}`;
  return suffix.endsWith('.so') && suffix.startsWith(tag) && !/^\d/.test(suffix.slice(tag.length));
}
