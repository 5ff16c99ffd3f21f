import { homedir } from 'node:os';
import type { FileRules } from '../../capture/file-rules';
import type { SubmitRequest } from '../../shared/wire/submit';
import type { Target } from '../targets/target';

/** What people chose about data files: for this request, and in configuration. */
export function fileRulesOf({ files }: Pick<SubmitRequest, 'files'>, target: Target): FileRules {
  return {
    configured: [],
    asked: files,
    places: {},
    placesThere: target.paths,
    home: homedir()
  };
}
