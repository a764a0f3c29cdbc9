export { type MasterKey, type MasterKeys, parseMasterKeys } from './master-keys.ts'
export { countSealedValues, type Resealed, resealColumns, type SealedColumn } from './sealed-columns.ts'
export { createSealer, SealedValueError, type SealedValueProblem, type Sealer, type SealPlace } from './sealer.ts'
export { createSigner, type Signer } from './signer.ts'
