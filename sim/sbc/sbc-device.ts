import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { runScript, type ScriptResult } from './sbc-command-line.ts'
import {
  type Configuration,
  configurationText,
  copyConfiguration,
  emptyConfiguration,
  findByName,
  printConfiguration,
  readConfiguration,
} from './sbc-configuration.ts'
import { TABLES } from './sbc-tables.ts'

/** How a device behaves: `normal`, or one of the troubles that real ones have. */
export const SBC_BEHAVIOURS = {
  normal: 'does what it is told',
  busy: 'answers every change with 409, as while its high availability is being synchronised',
  slow: 'answers everything late (delayMs)',
  down: 'nobody listens',
  hang: 'takes requests and never answers',
  'cut-answer': 'does a script, and resets the connection instead of answering',
  'nothing-applied': 'answers 200 to a script and applies nothing',
  'half-applied': 'applies the first half of a script, then refuses a line',
  'restart-in-between': 'applies a script, answers, and restarts: what was not saved is lost',
  'save-fails': 'does scripts, and answers 500 to saving',
  'error-500': 'answers 500 to everything',
  garbage: 'answers 200 with a web page to everything',
} as const
export type SbcBehaviour = keyof typeof SBC_BEHAVIOURS

export interface SbcCall {
  at: string
  method: string
  path: string
  status: number
  /** Of a script. */
  script: string | null
  output: string | null
}

const CALLS_KEPT = 200

/** What every device has before anybody puts a customer on it. */
const FACTORY_SCRIPT = `configure voip
 proxy-set 0
  proxy-name "Teams-OC"
  proxy-enable-keep-alive using-options
  activate
  proxy-ip 0
   proxy-address "sip.pstnhub.microsoft.com:5061"
   transport-type tls
   activate
  exit
  activate
 exit
 proxy-set 1
  proxy-name "Carrier"
  activate
  proxy-ip 0
   proxy-address "sip.carrier.example:5060"
   transport-type udp
   activate
  exit
  activate
 exit
 proxy-set 2
  proxy-name "Customers"
  activate
 exit
 ip-group 0
  name "Teams-OC"
  type server
  proxy-set-name "Teams-OC"
  activate
 exit
 ip-group 1
  name "Carrier"
  type server
  proxy-set-name "Carrier"
  activate
 exit
 sbc dial-plan 0
  name "OCDialPlan"
  activate
 exit
exit`

/** One session border controller: a running configuration, and the one that survives a restart. */
export class SbcDevice {
  readonly name: string
  readonly serialNumber: string
  behaviour: SbcBehaviour = 'normal'
  /** How often the behaviour strikes; null: until it is told otherwise. */
  times: number | null = null
  delayMs = 3_000
  user = 'leadline'
  password = 'sbc-sandbox-secret'
  certificate: 'good' | 'expired' | 'other' = 'good'
  running: Configuration
  saved: Configuration
  startedAtMs = Date.now()
  restarts = 0
  private readonly file: string | undefined
  private log: SbcCall[] = []

  /** `file`: its flash memory; what it saves is there again when the simulator is. */
  constructor(name: string, serialNumber: string, file?: string) {
    this.name = name
    this.serialNumber = serialNumber
    this.file = file
    this.running = factoryConfiguration()
    if (file !== undefined && existsSync(file)) this.running = readConfiguration(readFileSync(file, 'utf8'))
    this.saved = copyConfiguration(this.running)
  }

  /** As it left the factory, with the carrier's own trunks. */
  reset(): void {
    this.running = factoryConfiguration()
    this.save()
    Object.assign(this, { behaviour: 'normal', times: null, certificate: 'good', password: 'sbc-sandbox-secret' })
    this.log = []
  }

  /** The behaviour for this very call, counted down. */
  strike(): SbcBehaviour {
    const { behaviour } = this
    if (behaviour === 'normal' || this.times === null) return behaviour
    this.times -= 1
    if (this.times <= 0) Object.assign(this, { behaviour: 'normal', times: null })
    return behaviour
  }

  /** A script, as somebody at the device, or a request, gives it. */
  run(script: string, linesMax?: number): ScriptResult {
    return runScript(this.running, script, this.version, linesMax)
  }

  save(): void {
    this.saved = copyConfiguration(this.running)
    if (this.file === undefined) return
    writeFileSync(`${this.file}.new`, configurationText(this.saved))
    renameSync(`${this.file}.new`, this.file)
  }

  restart(): void {
    this.running = copyConfiguration(this.saved)
    this.startedAtMs = Date.now()
    this.restarts += 1
  }

  get version(): string {
    return '7.40A.500.357'
  }

  get text(): string {
    return printConfiguration(this.running)
  }

  get isSaved(): boolean {
    return this.text === printConfiguration(this.saved)
  }

  /** Rows of each table, and how many it takes. */
  get tables(): { table: string; used: number; limit: number }[] {
    return TABLES.map(({ words, rowsMax }) => ({
      table: words,
      used: this.running.get(words)?.size ?? 0,
      limit: rowsMax,
    }))
  }

  /** Names of the rows of a table. */
  namesOf(words: string): string[] {
    const table = TABLES.find((one) => one.words === words)
    if (!table) return []
    return [...(this.running.get(words)?.values() ?? [])].map((row) => row.values.get(table.nameParameter) ?? '')
  }

  has(words: string, name: string): boolean {
    const table = TABLES.find((one) => one.words === words)
    return table !== undefined && findByName(table, this.running.get(words) ?? new Map(), name) !== undefined
  }

  note(call: SbcCall): void {
    this.log.push(call)
    if (this.log.length > CALLS_KEPT) this.log.shift()
  }

  get calls(): readonly SbcCall[] {
    return this.log.toReversed()
  }

  forgetCalls(): void {
    this.log = []
  }
}

function factoryConfiguration(): Configuration {
  const configuration = emptyConfiguration()
  const { output, refusedLine } = runScript(configuration, FACTORY_SCRIPT, '')
  if (refusedLine !== undefined) throw new Error(`The configuration of the factory is refused: ${output}`)
  return configuration
}
