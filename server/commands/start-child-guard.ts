// Loaded into every process the launcher starts (node --import): when the launcher is gone, by kill -9 too, the channel
// to it closes and the process stops as if it had been asked to.
const GRACE_SECONDS = 8

function stop(): void {
  setTimeout(() => process.exit(1), GRACE_SECONDS * 1_000).unref()
  process.kill(process.pid, 'SIGTERM')
}

process.once('disconnect', stop)
// It may have been killed while this process was still loading.
if (!process.connected) stop()
// Watching the channel must not keep a process alive that has nothing else to do.
process.channel?.unref()
