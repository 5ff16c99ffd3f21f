// User stories in Chromium. `servers/start.mjs` starts what they need and ends it after them.
const { execFileSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const path = require('node:path');
const galata = require('@jupyterlab/galata/lib/playwright-config');

const FREE_PORTS = `
const net = require('node:net');
const servers = Array.from({ length: 4 }, () => net.createServer().listen(0, '127.0.0.1'));
Promise.all(servers.map(server => new Promise(resolve => server.once('listening', resolve)))).then(() => {
  console.log(servers.map(server => server.address().port).join());
  servers.forEach(server => server.close());
});`;

// Read again by each worker, so the choice is kept in the environment.
process.env.SLUICE_UI_PORTS ??= execFileSync(process.execPath, ['-e', FREE_PORTS])
  .toString()
  .trim();
const [open, login, missing, ready] = process.env.SLUICE_UI_PORTS.split(',');
const url = port => `http://localhost:${port}`;

const systemChromium = '/usr/bin/chromium';
const launchOptions = {
  ...(existsSync(systemChromium) && { executablePath: systemChromium }),
  args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])]
};

module.exports = {
  ...galata,
  testDir: __dirname,
  outputDir: path.join(__dirname, '..', 'test-results'),
  timeout: 90_000,
  expect: { timeout: 20_000 },
  // The stories share one service and two processors.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: process.env.CI === 'true',
  reporter: [['list']],
  use: { ...galata.use, launchOptions, video: 'off', trace: 'retain-on-failure' },
  projects: [
    { name: 'lab', testMatch: 'lab/*.spec.ts', use: { baseURL: url(open) } },
    { name: 'login', testMatch: 'login/*.spec.ts', use: { baseURL: url(login) } },
    { name: 'missing', testMatch: 'missing/*.spec.ts', use: { baseURL: url(missing) } },
    // Only when asked for: `npm run pictures` takes the pictures of the documentation.
    ...(process.env.SLUICE_PICTURES === '1'
      ? [{ name: 'pictures', testMatch: 'pictures/*.spec.ts', use: { baseURL: url(open) } }]
      : [])
  ],
  webServer: {
    command: `node ${path.join(__dirname, 'servers', 'start.mjs')} ${process.env.SLUICE_UI_PORTS} ${process.pid}`,
    url: url(ready),
    timeout: 180_000,
    reuseExistingServer: false,
    stdout: 'ignore',
    stderr: 'pipe',
    gracefulShutdown: { signal: 'SIGTERM', timeout: 60_000 }
  }
};
