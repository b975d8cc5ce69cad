import type { Translation } from '../../translate';
import type * as en from '../anomalies';

export const anomaliesTexts: Translation<typeof en.anomaliesTexts> = {
  title: 'Anomalías',
  description: 'Horas inusuales en comparación con la misma hora de las semanas anteriores.',
  none: 'Nada inusual',
  noneHint: 'Cada hora se compara con la misma hora de las semanas anteriores. Las horas inusuales aparecen aquí.',
  figures: {
    errors: 'Muchos errores',
    handovers: 'Muchos traspasos',
    cost: 'Coste alto',
    latency: 'Respuestas lentas',
  },
  definitions: {
    errors:
      'La proporción de mensajes que no se pudieron responder o recibieron una respuesta fija porque falló el modelo.',
    handovers: 'Traspasos por mensaje de cliente.',
    cost: 'El coste de las llamadas a modelos en esta hora.',
    latency: 'La mediana del tiempo desde el mensaje del cliente hasta la última palabra de la respuesta.',
  },
  value: '{value} en lugar de {usual}',
  conversationsOfDay: 'Conversaciones de este día',
};
