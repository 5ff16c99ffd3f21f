// Who may import whom below src/, as one table. Each row: a file or folder, and what it may import
// besides itself; type-only imports count. Specs may also import src/testing and, inside the
// service, any of its folders. restricted-paths.js turns this into lint rules.
const layers = {
  shared: [],
  client: ['shared'],
  capture: ['shared'],
  lab: ['client', 'shared'],
  'index.ts': ['lab'],
  cli: ['client', 'shared'],
  'cli/commands/serve.ts': ['cli', 'client', 'shared', 'service'],
  testing: ['shared', 'client', 'capture', 'service', 'cli'],

  // The files at the service's top only assemble; main.ts alone picks concrete classes.
  service: [
    'service/routes',
    'service/tasks',
    'service/store',
    'service/targets',
    'service/state',
    'capture',
    'shared'
  ],
  'service/main.ts': ['service', 'capture', 'shared'],
  'service/routes': [
    'service/tasks',
    'service/rehearsal',
    'service/doctor',
    'service/files',
    'service/cleaning',
    'service/adoption',
    'service/logins',
    'service/targets',
    'capture',
    'shared'
  ],
  'service/rehearsal': ['service/tasks', 'service/targets', 'shared'],
  'service/tasks': [
    'service/schedulers',
    'service/sync',
    'service/environments',
    'service/store',
    'service/targets',
    'service/transports',
    'capture',
    'shared'
  ],
  'service/files': [
    'service/tasks',
    'service/store',
    'service/sync',
    'service/targets',
    'service/transports',
    'capture',
    'shared'
  ],
  'service/cleaning': [
    'service/tasks',
    'service/store',
    'service/targets',
    'service/transports',
    'shared'
  ],
  'service/adoption': [
    'service/tasks',
    'service/schedulers',
    'service/store',
    'service/targets',
    'service/transports',
    'shared'
  ],
  'service/doctor': [
    'service/tasks',
    'service/environments',
    'service/schedulers',
    'service/store',
    'service/targets',
    'service/transports',
    'shared'
  ],
  'service/logins': ['service/transports', 'service/targets', 'shared'],
  'service/sync': ['service/transports', 'capture', 'shared'],
  'service/environments': ['service/transports', 'capture', 'shared'],
  'service/transports': ['shared'],
  'service/schedulers': ['shared'],
  'service/store': ['shared'],
  'service/targets': ['shared'],
  'service/state': ['shared']
};

// Schedulers build text and parse text; anything here would let them do more.
const ioModules = ['node:*', '!node:path', '!node:crypto', 'ssh2', 'undici', 'ws', 'fastify'];

module.exports = { layers, ioModules };
