import { Alert, createTheme, Drawer, type MantineColorsTuple, Modal } from '@mantine/core'

/** One accent. Shade 7 on white and shade 3 on the dark ground pass WCAG 2.2 AA for text (4.5 : 1). */
const petrol: MantineColorsTuple = [
  '#e9f6f5',
  '#d2ebe9',
  '#a4d7d3',
  '#72c1bc',
  '#4aafa8',
  '#2f9f98',
  '#16857f',
  '#0b6e69',
  '#075a56',
  '#034744',
]

/** The <header> of a dialog would be a second banner beside that of the page. */
const NO_BANNER = { header: { role: 'presentation' } }

export const THEME = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 7 },
  colors: { petrol },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: '620' },
  defaultRadius: 'sm',
  respectReducedMotion: true,
  focusRing: 'auto',
  cursorType: 'pointer',
  components: {
    // The colour of its line and icon is too faint for text.
    Alert: Alert.extend({ styles: { label: { color: 'var(--mantine-color-text)' } } }),
    Modal: Modal.extend({ defaultProps: { attributes: NO_BANNER } }),
    Drawer: Drawer.extend({ defaultProps: { attributes: NO_BANNER } }),
  },
})
