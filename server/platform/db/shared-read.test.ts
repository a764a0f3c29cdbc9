import { expect, test } from 'vitest'
import { createSharedRead } from './shared-read.ts'

function countedReads() {
  const reads: { resolve: (value: number) => void; reject: (error: Error) => void }[] = []
  const read = () => new Promise<number>((resolve, reject) => reads.push({ resolve, reject }))
  return { reads, read }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('whoever asks during a read shares the next one, which begins after his question', async () => {
  const { reads, read } = countedReads()
  const shared = createSharedRead<number>()
  const first = shared('a', read)
  const second = shared('a', read)
  const third = shared('a', read)
  expect(reads.length).toBe(1)
  reads[0]?.resolve(1)
  await turn()
  expect(reads.length).toBe(2)
  reads[1]?.resolve(2)
  expect(await Promise.all([first, second, third])).toEqual([1, 2, 2])
  void shared('a', read)
  expect(reads.length).toBe(3)
})

test('questions during the second read get a third, however long it goes on', async () => {
  const { reads, read } = countedReads()
  const shared = createSharedRead<number>()
  const answers = [shared('a', read), shared('a', read)]
  reads[0]?.resolve(1)
  await turn()
  answers.push(shared('a', read), shared('a', read))
  reads[1]?.resolve(2)
  await turn()
  expect(reads.length).toBe(3)
  reads[2]?.resolve(3)
  expect(await Promise.all(answers)).toEqual([1, 2, 3, 3])
})

test('other keys are read apart', async () => {
  const { reads, read } = countedReads()
  const shared = createSharedRead<number>()
  void shared('a', read)
  void shared('b', read)
  expect(reads.length).toBe(2)
})

test('a failure reaches all who share it, and the next question begins anew', async () => {
  const { reads, read } = countedReads()
  const shared = createSharedRead<number>()
  const first = shared('a', read)
  const second = shared('a', read)
  reads[0]?.reject(new Error('broken'))
  await expect(first).rejects.toThrow('broken')
  await turn()
  reads[1]?.resolve(2)
  expect(await second).toBe(2)
  const third = shared('a', read)
  reads[2]?.resolve(3)
  expect(await third).toBe(3)
})
