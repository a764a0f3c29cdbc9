export { viewRoutes } from './routes/view-routes.ts'
export { createViewService, type ViewService } from './view.service.ts'
