export { trimNoticesJob } from './jobs/trim-notices-job.ts'
export { createNoticeService, type NoticeService } from './notice.service.ts'
export { createNoticeRelay } from './notice-relay.ts'
export { noticeRoutes } from './routes/index.ts'
