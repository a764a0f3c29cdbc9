import { SbcDevice } from './sbc-device.ts'
import { SbcServer } from './sbc-server.ts'

/** The two devices of the sandbox, each on a port of its own. Both are Northwind's. */
export class Sbcs {
  private readonly servers: readonly SbcServer[]

  /** `stateFile`: of the simulator; each device keeps what it saves in a file beside it. */
  constructor(host: string, stateFile?: string) {
    const fileOf = (name: string) => stateFile && `${stateFile}.${name}.json`
    this.servers = [
      new SbcServer(new SbcDevice('sbc1', '11520071', fileOf('sbc1')), host),
      new SbcServer(new SbcDevice('sbc2', '11520072', fileOf('sbc2')), host),
    ]
  }

  /** On `first` and the port after it. @throws Error with code EADDRINUSE when one is taken; then none listens */
  async listen(first: number): Promise<void> {
    try {
      for (const [at, server] of this.servers.entries()) await server.listen(first + at)
    } catch (error) {
      await this.close()
      throw error
    }
  }

  list(): readonly SbcServer[] {
    return this.servers
  }

  named(name: string): SbcServer | undefined {
    return this.servers.find(({ device }) => device.name === name)
  }

  reset(): void {
    for (const { device } of this.servers) device.reset()
  }

  async close(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.close()))
  }
}
