/** The encoding that a coding line names, as WHATWG calls it; its names for Python are more. */
const LABELS: Readonly<Record<string, string>> = {
  'utf-8-sig': 'utf-8',
  utf_8_sig: 'utf-8',
  utf_8: 'utf-8',
  u8: 'utf-8',
  latin_1: 'latin1',
  'latin-1': 'latin1',
  'iso-latin-1': 'latin1',
  l1: 'latin1',
  cp819: 'latin1',
  cp932: 'shift_jis',
  cp936: 'gbk',
  cp949: 'euc-kr',
  cp950: 'big5'
};

const CODING = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;

/** What a source, read as UTF-8, says of its encoding in its first two lines; null: nothing. */
export function sourceEncoding(text: string): { name: string; label: string } | null {
  const head = text.slice(0, 400);
  if (!head.includes('coding')) {
    return null;
  }
  const [first = '', second = ''] = head.split(/\r\n|\r|\n/, 2);
  const isPlainFirst = /^[ \t\f]*(?:#.*)?$/.test(first);
  const name = CODING.exec(first)?.[1] ?? (isPlainFirst ? CODING.exec(second)?.[1] : undefined);
  if (name === undefined) {
    return null;
  }
  const plain = name.toLowerCase();
  const label = LABELS[plain] ?? plain.replace(/^cp(?=125\d$)/, 'windows-').replaceAll('_', '-');
  return { name, label };
}
