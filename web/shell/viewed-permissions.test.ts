import { expect, test } from 'vitest'
import { permissionsOf } from '../../contract/roles.ts'
import { CHANNEL_PERMISSIONS } from './viewed-permissions.ts'

test('who views as a channel is offered what its administrator may do', () => {
  expect([...CHANNEL_PERMISSIONS].sort()).toEqual([...permissionsOf('channel', 'administrator')].sort())
})
