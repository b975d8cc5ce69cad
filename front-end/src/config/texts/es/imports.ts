import type { Translation } from '../../translate';
import type * as en from '../imports';

export const importTexts: Translation<typeof en.importTexts> = {
  title: 'Importaciones',
  description:
    'Cree o actualice pedidos, productos o clientes a partir de un archivo CSV o NDJSON. Si importa un archivo dos veces, la segunda no cambia nada.',
  new: 'Nueva importación',
  empty: 'Todavía no hay importaciones',
  emptyHint: 'Suba un archivo para añadir sus pedidos, productos o clientes. Una simulación muestra qué cambiaría.',
  resource: 'Contiene',
  resources: {
    orders: 'Pedidos',
    products: 'Productos',
    users: 'Clientes',
  },
  columns: {
    orders: 'Una fila por pedido, con su número y su ID del cliente.',
    products: 'Una fila por producto, con su SKU y su nombre.',
    users: 'Una fila por cliente, con su ID.',
  },
  file: 'Archivo',
  chooseFile: 'Elegir archivo',
  fileHint:
    'CSV con los nombres de las columnas en la primera fila, o un objeto JSON por línea (.ndjson, .jsonl). Máximo 50 MB.',
  fileMissing: 'Elija un archivo.',
  encoding: 'Codificación',
  encodings: {
    'utf-8': 'UTF-8 o UTF-16',
    'windows-1252': 'Windows-1252 (Europa occidental)',
    'windows-1250': 'Windows-1250 (Europa central)',
    'windows-1251': 'Windows-1251 (cirílico)',
    'windows-1256': 'Windows-1256 (árabe)',
    shift_jis: 'Shift JIS (japonés)',
    gb18030: 'GB18030 (chino)',
  },
  dryRun: 'Simulación: solo comprobar el archivo',
  dryRunChip: 'Simulación',
  ignoreUnknown: 'Ignorar los campos desconocidos',
  decimalComma: 'Los números llevan coma decimal, como 1.234,50',
  preview: 'Qué contienen las columnas',
  previewHint: 'ICMP ha deducido los campos por los nombres de las columnas. Corrija lo que no sea correcto.',
  column: 'Columna',
  field: 'Campo',
  fieldOf: 'Campo de la columna {column}',
  ignored: 'Ignorar',
  ofCustomer: 'Cliente: {field}',
  missing: 'Ninguna columna contiene: {fields}. Elija una.',
  twice: 'Solo una columna puede contener: {fields}.',
  undo: 'Deshacer',
  undoTitle: '¿Deshacer esta importación?',
  undoHint:
    'Elimina lo que creó esta importación y restaura lo que cambió. Se conservan las filas que se cambiaron o usaron desde entonces.',
  undoing: 'Deshaciendo…',
  undoStatus:
    '{undone, plural, one {Deshecho: # fila} other {Deshecho: # filas}}{kept, plural, =0 {} one { · se conservó # fila} other { · se conservaron # filas}}',
  undoFailed: 'No se pudo completar la acción de deshacer por un error inesperado.',
  showKept: '{kept, plural, one {Se conservó # fila} other {Se conservaron # filas}}',
  keptTitle: 'Filas conservadas al deshacer',
  keptHint: 'Se cambiaron o usaron después de la importación, así que usted decide qué hacer con ellas.',
  start: 'Subir',
  uploading: 'Subiendo…',
  statuses: {
    uploading: 'Subiendo',
    waiting: 'En espera',
    running: 'En curso',
    finished: 'Finalizada',
    failed: 'Falló',
  },
  progress: 'Progreso de la importación de {name}',
  counts:
    '{created, plural, one {# fila creada} other {# filas creadas}} · {updated, plural, one {# fila actualizada} other {# filas actualizadas}} · {unchanged, plural, one {# fila sin cambios} other {# filas sin cambios}}',
  dryRunCounts:
    '{created, plural, one {se crearía # fila} other {se crearían # filas}} · {updated, plural, one {se actualizaría # fila} other {se actualizarían # filas}} · {unchanged, plural, one {# fila sin cambios} other {# filas sin cambios}}',
  invalid: '{n, plural, one {# línea no válida} other {# líneas no válidas}}',
  invalidTitle: 'Líneas no válidas',
  onlyFirst:
    '{n, plural, one {{shown, number} de # línea no válida.} other {Las primeras {shown, number} de # líneas no válidas.}}',
  line: 'Línea',
  reason: 'Motivo',
  notify: 'Avisar a los clientes sobre',
  notifyNothing: 'Ningún cambio',
  notifyFields: {
    status: 'Estado',
    tracking_number: 'Número de seguimiento',
    shipping_carrier: 'Transportista',
    shipping_address: 'Dirección de envío',
  },
  notifyText: 'Mensaje',
  notifyDefault: "Novedades sobre su pedido '{order_number}': ahora está en el estado '{status}'.",
  notifyHint:
    "Se escribe una vez por cambio en la última conversación abierta del cliente, pero no mientras la atiende una persona. Marcadores: '{order_number}', '{status}', '{tracking_number}', '{shipping_carrier}', '{shipping_address}', '{order_total}', '{currency}'.",
};
