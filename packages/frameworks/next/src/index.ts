export { type AppRoute, appRoute, type NextOptions } from './app.js'
export { oncePerProcess } from './once.js'
export { type PagesOptions, pagesRoute } from './pages.js'
