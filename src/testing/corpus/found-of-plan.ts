import type { Plan } from '../../shared/wire/plan';
import type { SluiceError } from '../../shared/errors';
import type { Found, FoundItem } from './compare-capture';

/** A plan in the words of the corpus. */
export function foundOfPlan(plan: Plan, obstacles: readonly SluiceError[]): Found {
  const kindAndName = (each: { kind: string; name: string }): string => `${each.kind} ${each.name}`;
  return {
    modules: plan.modules.map(({ path, why }) => ({ item: path, reason: why })),
    files: plan.files.map(({ path, why }) => ({ item: path, reason: why })),
    variables: plan.variables.map(({ name, format, why }) => ({
      item: `${name} ${format}`,
      reason: why
    })),
    packages: plan.packages.map(({ name, why }) => ({ item: name, reason: why })),
    'left out': plan.leftOut
      .filter(({ reason }) => !obstacles.some(each => tells(reason, each)))
      .map(each => ({ item: kindAndName(each), reason: each.reason })),
    notes: plan.notes.map(each => ({ item: kindAndName(each), reason: each.text })),
    obstacles: obstacles.map(asItem),
    manifest: plan.manifest
  };
}

/** Where the magic, or the service, refused before there was a plan. */
export function foundOfRefusal(refusals: readonly { code: string; words: string }[]): Found {
  const none: FoundItem[] = [];
  const obstacles = refusals.map(({ code, words }) => ({ item: code, reason: words }));
  return {
    modules: none,
    files: none,
    variables: none,
    packages: none,
    'left out': none,
    notes: none,
    obstacles,
    manifest: ''
  };
}

function asItem({ code, message, hint, details }: SluiceError): FoundItem {
  const name = typeof details['name'] === 'string' ? ` ${details['name']}` : '';
  return { item: `${code}${name}`, reason: `${message} ${hint}` };
}

/** An obstacle stands among what is left out in its own words or in those of its problem. */
function tells(reason: string, { message, details }: SluiceError): boolean {
  return reason.startsWith(message) || reason === details['problem'];
}
