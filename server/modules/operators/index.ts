export { type ConnectionService, createConnectionService } from './connection.service.ts'
export { type InstallationRow, installationStore } from './installation.store.ts'
export { operatorStore } from './operator.store.ts'
export { operatorRoutes } from './routes/index.ts'
