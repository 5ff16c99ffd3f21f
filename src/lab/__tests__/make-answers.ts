import type { Connection } from '../../shared/wire/connection';
import { DOCTOR_STEPS, type DoctorReport, type DoctorStep } from '../../shared/wire/doctor';
import type { FileList, TaskFile } from '../../shared/wire/files';
import type { Prompt } from '../../shared/wire/prompt';

/** A connection that stands, changed as asked. */
export function makeConnection(changes: Partial<Connection> = {}): Connection {
  return {
    state: 'connected',
    via: 'ssh2',
    words: null,
    since: 1_000_000,
    notBefore: null,
    ...changes
  };
}

/** A question for a password of the target `testbed`, changed as asked. */
export function makePrompt(changes: Partial<Prompt> = {}): Prompt {
  return {
    id: 'prompt-1',
    target: 'testbed',
    host: 'login.example.org',
    kind: 'password',
    text: '',
    fields: [{ label: 'Password: ', secret: true }],
    hostKey: null,
    openedAt: 1_000_000,
    expiresAt: 1_120_000,
    isShown: false,
    ...changes
  };
}

/** A file that stayed there, changed as asked. */
export function makeFile(changes: Partial<TaskFile> = {}): TaskFile {
  return {
    path: 'out/model.pt',
    bytes: 2_000_000_000,
    kind: 'checkpoint',
    isNew: true,
    state: 'there',
    localPath: null,
    reason: 'larger than what comes home by itself',
    ...changes
  };
}

/** A list of one file, changed as asked. */
export function makeFileList(changes: Partial<FileList> = {}): FileList {
  const files = changes.files ?? [makeFile()];
  const there = files.filter(({ state }) => state === 'there').length;
  return {
    summary: {
      count: files.length,
      bytes: files.reduce((sum, file) => sum + file.bytes, 0),
      home: files.length - there,
      there,
      pinned: there > 0
    },
    files,
    nextOffset: null,
    ...changes
  };
}

/** A step that has passed, changed as asked. */
export function makeStep(changes: Partial<DoctorStep> = {}): DoctorStep {
  return {
    id: 'name',
    title: 'Name of the host',
    state: 'passed',
    found: '192.0.2.7',
    details: [],
    problem: null,
    seconds: 0.1,
    ...changes
  };
}

/** A report that has just begun, changed as asked. */
export function makeReport(changes: Partial<DoctorReport> = {}): DoctorReport {
  return {
    id: 'doctor-1',
    target: 'testbed',
    host: 'login.example.org',
    state: 'running',
    version: 1,
    steps: DOCTOR_STEPS.map(id =>
      makeStep({ id, title: `Step ${id}`, state: 'waiting', found: null, seconds: null })
    ),
    limits: null,
    proposal: null,
    savedTo: null,
    ...changes
  };
}
