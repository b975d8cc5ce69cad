import type { Translation } from '../../translate';
import type * as en from '../privacy';

export const privacyTexts: Translation<typeof en.privacyTexts> = {
  title: 'Privacidad',
  description: 'Cuánto tiempo se conservan sus datos y qué se elimina de los mensajes antes de guardarlos.',
  retention: 'Conservación de los datos',
  retentionHint:
    'Los datos más antiguos se eliminan cada hora. Los clientes, pedidos, productos y artículos no se eliminan.',
  days: {
    messages: {
      label: 'Conversaciones (días)',
      hint: 'Conversaciones con todos sus mensajes, contando desde el último. Vacío: sin límite.',
    },
    traces: {
      label: 'Pasos de las respuestas (días)',
      hint: 'Cómo se creó cada respuesta: decisiones y valores de las variables. Vacío: tanto como la conversación.',
    },
    calls: {
      label: 'Prompts y respuestas de los modelos (días)',
      hint: 'Se conservan los tokens, el coste y los tiempos de las llamadas. Vacío: tanto como la conversación.',
    },
    feedback: {
      label: 'Valoraciones (días)',
      hint: 'Valoraciones de respuestas y conversaciones, con sus comentarios. Vacío: tanto como la conversación.',
    },
    events: {
      label: 'Eventos (días)',
      hint: 'Eventos de su sitio web y de sus servidores. Vacío: tanto como permita el operador de la plataforma.',
    },
  },
  deleteTitle: '¿Eliminar los datos más antiguos?',
  deleteBody:
    'Todo lo que supere los nuevos límites se eliminará en aproximadamente una hora. Esta acción no se puede deshacer.',
  deleteConfirm: 'Guardar y eliminar',
  masking: 'Qué se elimina de los mensajes',
  maskingHint:
    'Los mensajes de los clientes y de su equipo se guardan sin estos datos, y los modelos no los ven. No se pueden recuperar. Lo que ya está guardado no cambia.',
  cardNumbers: 'Sustituir los números de tarjeta por «[card number]»',
  cardNumbersHint:
    'Números con las primeras cifras, la longitud y el dígito de control de una tarjeta de pago. Otros números largos, como los de seguimiento, pueden coincidir por casualidad.',
  patterns: 'Sus propios patrones',
  patternsHint:
    'Lo que coincide con un patrón se sustituye por su nombre entre corchetes. Los patrones son expresiones regulares con la sintaxis de RE2.',
  patternName: 'Nombre',
  pattern: 'Patrón',
  addPattern: 'Añadir un patrón',
  removePattern: 'Quitar el patrón «{name}»',
};
