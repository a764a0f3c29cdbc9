export { searchRoute } from './routes/search.ts'
export { createSearchService, type SearchService } from './search.service.ts'
