import { build } from '../../tsup.base.ts'

export default build({
  index: 'src/index.ts',
  client: 'src/client/index.ts',
  node: 'src/node/index.ts',
})
