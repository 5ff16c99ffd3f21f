import type { Plan } from '../../shared/wire/plan';
import { plainLines, plainText } from './plain-text';

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0
    ? ''
    : `${title}\n${lines.map(line => `  ${plainText(line)}\n`).join('')}`;
}

const size = (bytes: number): string => `${bytes} bytes`;

function submitLines({ submit }: Plan): string[] {
  if (submit === null) {
    return [];
  }
  const start =
    submit.estimatedStart === null ? '' : `, expected to start ${submit.estimatedStart}`;
  const message = submit.message === null ? [] : submit.message.split('\n');
  return [`${submit.accepted ? 'would be accepted' : 'would be refused'}${start}`, ...message];
}

/** A plan for a terminal: what would travel and why, what would not, and the script. */
export function planText(plan: Plan): string {
  const { resources, transfer } = plan;
  const asked = Object.entries(resources).map(([name, value]) => `${name} ${String(value)}`);
  return [
    section('target', [plan.target]),
    section('resources', asked),
    section(
      'modules',
      plan.modules.map(({ path, why }) => `${path}: ${why}`)
    ),
    section(
      'files',
      plan.files.map(({ path, bytes, why }) => `${path} (${size(bytes)}): ${why}`)
    ),
    section(
      'variables',
      plan.variables.map(
        ({ name, type, bytes, why }) => `${name} (${type}, ${size(bytes)}): ${why}`
      )
    ),
    section(
      'packages',
      plan.packages.map(({ name, version, why }) => `${name} ${version}: ${why}`)
    ),
    section(
      'left out',
      plan.leftOut.map(({ kind, name, reason }) => `${kind} ${name}: ${reason}`)
    ),
    section('to send', [`${transfer.files} files, ${size(transfer.bytes)}`]),
    section('submit', submitLines(plan)),
    `script\n${plainLines(plan.script).trimEnd().replace(/^/gm, '  ')}\n`
  ].join('');
}
