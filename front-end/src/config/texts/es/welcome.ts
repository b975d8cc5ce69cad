import type { Translation } from '../../translate';
import type * as en from '../welcome';

export const welcome: Translation<typeof en.welcome> = {
  title: 'Configure su asistente',
  description: 'Tres pasos hasta la primera respuesta. Puede omitir cualquiera de ellos y volver más tarde.',
  steps: {
    business: 'Su empresa',
    starter: 'Kit de inicio',
    try: 'Pruébelo',
  },
  next: 'Siguiente',
  skip: 'Omitir este paso',
  business: '¿A qué se dedica su empresa?',
  nameNeeded: 'Introduzca el nombre de su empresa.',
  businessHint:
    'El asistente solo sabe lo que usted le dice. Podrá cambiarlo todo más adelante en los ajustes; los cambios se aplican a partir del siguiente mensaje.',
  descriptionPlaceholder: 'Un pequeño taller en el casco antiguo. Reparamos teléfonos, portátiles y cafeteras.',
  descriptionHint: 'Qué ofrece y qué deben saber los clientes. El asistente lo lee antes de cada respuesta.',
  language: 'Idioma de las respuestas',
  anyLanguage: 'El idioma de cada mensaje',
  anyLanguageHint: 'Los clientes reciben respuestas en el idioma en que escriben.',
  languageHint: 'Los clientes que escriben en otro idioma reciben respuestas en este.',
  timezone: 'Zona horaria',
  timezoneHint: 'Para las fechas y el horario de atención.',
  hours: 'Horario de atención',
  hoursHint: 'Los días en que abre. Las pausas y los horarios distintos de cada día se indican en los ajustes.',
  hoursVary: 'Su horario varía según el día. Cámbielo en los ajustes.',
  opens: 'Abre a las',
  closes: 'Cierra a las',
  closesInvalid: 'Debe ser distinta de la hora de apertura.',
  shortDays: {
    monday: 'lun',
    tuesday: 'mar',
    wednesday: 'mié',
    thursday: 'jue',
    friday: 'vie',
    saturday: 'sáb',
    sunday: 'dom',
  },
  starter: '¿Sobre qué preguntan sus clientes?',
  starterHint:
    'Un kit de inicio contiene etapas con ejemplos, preguntas, consultas y respuestas. Después puede cambiarlo todo.',
  starterLanguage: 'Idioma del kit de inicio',
  use: 'Usar este kit',
  useNamed: 'Usar este kit: {title}',
  inUse: 'En uso',
  hasOtherStages: 'Su asistente ya tiene etapas. Si usa un kit de inicio, se reemplazan.',
  replaceTitle: '¿Reemplazar todas las etapas?',
  replaceBody:
    'Se eliminan todas las etapas y sus plantillas, y se reemplazan por las de “{title}”. Las conversaciones continúan en la primera etapa del kit. Las variables y los ajustes se conservan.',
  replace: 'Reemplazar etapas',
  try: 'Escriba a su asistente como si fuera un cliente',
  tryHint:
    'En la zona de pruebas, usted escribe como cliente de prueba y ve cada paso de la respuesta. El primer mensaje ya está escrito.',
  tryWithoutStages: 'Su asistente todavía no tiene etapas, así que no puede responder. Elija primero un kit de inicio.',
  toStarter: 'Elegir un kit de inicio',
  open: 'Abrir la zona de pruebas',
};
