import { metaHelper, tableFeatures } from '@tanstack/react-table'

/** Order and filters are the server's: the table itself needs no more than columns and rows. */
export const features = tableFeatures({ columnMeta: metaHelper<{ align?: 'end' | undefined }>() })
