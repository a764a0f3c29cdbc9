import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'

export type PortProblem = { problem: string; fix: string }

/** Whether a port can be listened on: `null`, or what is in the way and how to get round it. */
export async function findPortProblem(host: string, port: number, variable: string): Promise<PortProblem | null> {
  const code = await new Promise<string | null>((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)))
  })
  if (code === null) return null
  if (code === 'EADDRINUSE') {
    const user = whoListensOn(port)
    return {
      problem: `Port ${port} is in use${user ? ` by ${user}` : ''}.`,
      fix: `Set ${variable} to a free port, or end that program.`,
    }
  }
  if (code === 'EACCES')
    return { problem: `Port ${port} may not be used by this user.`, fix: `Set ${variable} to a port from 1024 on.` }
  return {
    problem: `Nothing can listen on ${host}, port ${port} (${code}).`,
    fix: 'Set LEADLINE_HTTP_HOST to an address of this machine.',
  }
}

/** "node (process 123)" for the program that listens on the port, as far as this user may look; else `null`. */
export function whoListensOn(port: number): string | null {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningInodes(table, port)))
  if (inodes.size === 0) return null
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (!holdsSocket(pid, inodes)) continue
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean)
    return `process ${pid}: ${words.join(' ').slice(0, 120)}`
  }
  return null
}

const STATE_LISTENING = '0A'

function listeningInodes(table: string, port: number): string[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0')
  try {
    return readFileSync(table, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[1]?.endsWith(`:${hexPort}`) && fields[3] === STATE_LISTENING)
      .map((fields) => fields[9] ?? '')
  } catch {
    // No IPv6, or no right to look: the message then names no program.
    return []
  }
}

function holdsSocket(pid: string, inodes: Set<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((descriptor) => {
      const target = readlinkSync(`/proc/${pid}/fd/${descriptor}`)
      return target.startsWith('socket:[') && inodes.has(target.slice(8, -1))
    })
  } catch {
    // Ended meanwhile, or another user's.
    return false
  }
}
