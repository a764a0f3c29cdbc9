import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Walks the built portal in a real Chromium, against the whole sandbox: npm test -- --only browser
// LEADLINE_SHOTS=<folder> also keeps pictures of every page. With LEADLINE_PICTURES, those of README and docs are made.

const harness = {
  env: { LEADLINE_TEST_POSTGRES: '' },
  globalSetup: [
    'test/e2e/harness/shared-browser.ts',
    'test/e2e/harness/build-portal.ts',
    'test/harness/postgres-server.ts',
  ],
  // As in the other configuration: a guard, not a figure.
  testTimeout: 180_000,
  hookTimeout: 240_000,
  expect: { poll: { timeout: 60_000 } },
}

const pictures = { test: { name: 'pictures', include: ['test/e2e/pictures.shots.ts'], ...harness } }

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    projects: [
      { test: { name: 'browser', include: ['test/e2e/**/*.e2e.ts'], ...harness } },
      ...(process.env.LEADLINE_PICTURES ? [pictures] : []),
    ],
    // Most of their time they wait for the page.
    maxWorkers: 2,
  },
})
