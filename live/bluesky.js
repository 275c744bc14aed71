// Starts the PDS that is installed in the folder given, by its environment, on the loopback alone.
const { createRequire } = require('node:module')
const path = require('node:path')

const installed = createRequire(path.join(process.argv[2], 'from-here.js'))
const { PDS, envToCfg, envToSecrets, readEnv } = installed('@atproto/pds')

async function start() {
  const env = readEnv()
  const pds = await PDS.create(envToCfg(env), envToSecrets(env))
  const listen = pds.app.listen.bind(pds.app)
  pds.app.listen = (port) => listen(port, '127.0.0.1') // by itself it listens everywhere
  await pds.start()
}

start().catch((error) => {
  console.error(error.message)
  process.exit(1)
})
