import { homedir } from 'node:os';
import { patternProblem } from '../../capture/file-patterns';
import type { FileRules } from '../../capture/file-rules';
import { SluiceError } from '../../shared/errors';
import type { SubmitRequest } from '../../shared/wire/submit';
import type { FileRule, Target } from '../targets/target';

/**
 * What people chose about data files: for this request, and in configuration.
 *
 * Errors: `config-invalid` and `request-invalid`, naming the pattern.
 */
export function fileRulesOf(
  { files }: Pick<SubmitRequest, 'files'>,
  { fileRules, pathsHere, paths }: Pick<Target, 'fileRules' | 'pathsHere' | 'paths'>
): FileRules {
  fileRules.forEach(checkRule);
  for (const pattern of [...files.include, ...files.exclude]) {
    if (pattern.trim() === '' || /[\0\n\r]/.test(pattern)) {
      const problem = `-i names no file by “${pattern}”`;
      throw new SluiceError('request-invalid', { problem });
    }
  }
  return {
    configured: fileRules,
    asked: files,
    places: pathsHere,
    placesThere: paths,
    home: homedir()
  };
}

function checkRule({ include, exclude, source }: FileRule): void {
  for (const [key, patterns] of Object.entries({ include, exclude })) {
    const found = patterns.map(patternProblem).find(problem => problem !== null);
    if (found !== undefined) {
      throw new SluiceError('config-invalid', { path: source, problem: `${key}: ${found}` });
    }
  }
}
