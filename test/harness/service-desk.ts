import { ask, type Client, eventually, type Json } from './client.ts'
import { type Leadline, startLeadline } from './leadline.ts'

/** Leadline with leads that can be licensed and SBCs to make services on. */
export type ServiceDesk = {
  leadline: Leadline
  northwind: Client
  /** Of Northwind: the first is worked by Leadline, the second by hand. */
  devices: Json[]
  control: Leadline['outside']['control']
  /** An Active lead that nobody else has, and a short name for it. */
  take(): { lead: Json; shortName: string }
  /** Puts a lead back that was not licensed, for the next one. */
  giveBack(lead: Json): void
  /** A task once it is as wanted. */
  seen(taskId: string, wanted: (task: Json) => boolean): Promise<Json>
  /** A task at its end. */
  ended(taskId: string): Promise<Json>
  close(): Promise<void>
}

/** States of a task at its end. */
export const OVER = ['succeeded', 'failed', 'cancelled', 'stuck', 'partial']

/** @param prefix of the short names, so that files can be told apart in what an SBC holds */
export async function startServiceDesk({ leads, prefix }: { leads: number; prefix: string }): Promise<ServiceDesk> {
  const leadline = await startLeadline({ leads })
  const northwind = await leadline.as('northwind-api')
  await eventually(
    () => ask(`${leadline.baseUrl}/health/ready`),
    (reply) => reply.status === 200,
  )
  const devices: Json[] = (await northwind.get('/api/v4/sbcs')).body.data
  const { body } = await northwind.get('/api/v4/leads?licensed=false&status=Active&isDirectLead=false&pageSize=200')
  const free: Json[] = body.data
  let names = 0
  const seen: ServiceDesk['seen'] = (taskId, wanted) =>
    eventually(async () => (await northwind.get(`/api/v4/tasks/${taskId}`)).body, wanted, 30)
  return {
    leadline,
    northwind,
    devices,
    control: (method, path, content) => leadline.outside.control(method, path, content),
    take() {
      const lead = free.pop()
      if (!lead) throw new Error('Give the simulator more leads.')
      return { lead, shortName: `${prefix}-${(names++).toString().padStart(4, '0')}` }
    },
    giveBack: (lead) => void free.push(lead),
    seen,
    ended: (taskId) => seen(taskId, ({ state }) => OVER.includes(state)),
    close: () => leadline.close(),
  }
}
