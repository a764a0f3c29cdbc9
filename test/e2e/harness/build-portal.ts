import { runNode } from '../../../tools/run-program.ts'

/** The tests look at what is shipped, as it is in the sources now: built anew when it is not, as `npm start` does it. */
export async function setup(): Promise<void> {
  const env = { NODE_ENV: 'production' }
  const { code, output } = await runNode('tools/setup.mjs', ['test'], { env, timeoutSeconds: 240 })
  if (code !== 0) throw new Error(`The portal cannot be built: ${output}`)
}
