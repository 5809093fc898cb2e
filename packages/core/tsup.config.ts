import { build } from '../../tsup.base.ts'

export default build({
  index: 'src/index.ts',
  codecs: 'src/codecs/index.ts',
  opentelemetry: 'src/opentelemetry/index.ts',
  store: 'src/store/index.ts',
  testing: 'src/testing/index.ts',
})
