import type { TranslationBundle } from '@jupyterlab/translation';
import { type JSX, useId, useState } from 'react';
import type { Plan } from '../../shared/wire/plan';
import { failedIcon, noteIcon } from '../icons';
import { type AttentionItem, attentionItems } from './attention-items';
import { CodeWords } from './code-words';
import { FIRST_ROWS } from './plan-table';

/** What a person should look at before it is sent: what stays here, and what is worth knowing. */
export function Attention({
  plan,
  trans
}: {
  plan: Plan;
  trans: TranslationBundle;
}): JSX.Element | null {
  const id = useId();
  const [isAll, setAll] = useState(false);
  const items = attentionItems(plan);
  if (items.length === 0) {
    return null;
  }
  const shown = isAll ? items : items.slice(0, FIRST_ROWS);
  return (
    <section className="sluice-Attention" aria-labelledby={id}>
      <h3 id={id}>{trans.__('Look at this first')}</h3>
      <ul>
        {shown.map((item, index) => (
          <Item key={index} item={item} trans={trans} />
        ))}
      </ul>
      {shown.length < items.length && (
        <button type="button" className="sluice-Button" onClick={() => setAll(true)}>
          {trans.__('Show all %1', items.length)}
        </button>
      )}
    </section>
  );
}

function Item({ item, trans }: { item: AttentionItem; trans: TranslationBundle }): JSX.Element {
  const Icon = (item.level === 'note' ? noteIcon : failedIcon).react;
  return (
    <li data-level={item.level}>
      <Icon tag="span" width="14px" aria-hidden="true" />
      <div>
        <span className="sluice-Attention-level">{levelWord(item.level, trans)}</span>{' '}
        {item.kind !== 'name' && <span>{kindWord(item.kind, trans)} </span>}
        <code>{item.name}</code>
        <div>
          <CodeWords text={item.text} />
        </div>
      </div>
    </li>
  );
}

function levelWord(level: AttentionItem['level'], trans: TranslationBundle): string {
  switch (level) {
    case 'forbids':
      return trans.__('Stops the run:');
    case 'undecided':
      return trans.__('You will be asked:');
    case 'left-out':
      return trans.__('Left out:');
    case 'note':
      return trans.__('Note:');
  }
}

/** The name of a thing that is only a name says nothing of its kind. */
function kindWord(kind: Exclude<AttentionItem['kind'], 'name'>, trans: TranslationBundle): string {
  switch (kind) {
    case 'variable':
      return trans.__('variable');
    case 'module':
      return trans.__('module');
    case 'file':
      return trans.__('file');
    case 'package':
      return trans.__('package');
  }
}
