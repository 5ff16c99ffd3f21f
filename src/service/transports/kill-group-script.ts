/** A script that ends another one with all its children, by the number of its shell. */
export function killGroupScript(pid: number): string {
  return [
    `group=$(ps -o pgid= -p ${pid} 2>/dev/null | tr -d ' ')`,
    // Without `--`, which dash takes for a number.
    `kill -9 "-\${group:-${pid}}" 2>/dev/null`,
    'exit\n'
  ].join('\n');
}
