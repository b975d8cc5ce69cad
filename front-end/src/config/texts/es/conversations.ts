import type { Translation } from '../../translate';
import type * as en from '../conversations';

export const conversations: Translation<typeof en.conversations> = {
  title: 'Conversaciones',
  description: 'Qué preguntaron los clientes y cómo se generó cada respuesta.',
  empty: 'Todavía no hay conversaciones',
  emptyHint:
    'Las conversaciones aparecen aquí cuando los clientes escriben. Puede probarlo usted en la zona de pruebas.',
  emptyHintReadOnly: 'Las conversaciones aparecen aquí cuando los clientes escriben.',
  emptyFiltered: 'Ninguna conversación coincide con estos filtros',
  clearFilters: 'Borrar filtros',
  toChat: 'Abrir la zona de pruebas',
  status: 'Estado',
  statuses: {
    active: 'Activa',
    paused: 'En pausa',
    completed: 'Completada',
    error: 'Error',
  },
  stage: 'Etapa',
  handledBy: 'Atendida por',
  handlers: {
    ai: 'Asistente',
    human: 'Persona',
  },
  search: 'Buscar mensajes y nombres',
  test: 'Prueba',
  senders: {
    assistant: 'Asistente',
    agent: 'Equipo',
  },
  started: 'Iniciada: {time}',
  detail: 'Conversación',
  with: 'Conversación con {name}',
  summary: 'Resumen',
  noSummary: 'Todavía no hay resumen. Las conversaciones más largas se resumen automáticamente.',
  collected: 'Información recopilada',
  noCollected: 'Todavía no se ha recopilado nada.',
  continue: 'Continuar en la zona de pruebas',
  noMessages: 'Todavía no hay mensajes',
  summaryParts: {
    overview: 'Visión general',
    key_points: 'Puntos clave',
    decisions: 'Decisiones',
    pending_items: 'Asuntos pendientes',
    next_steps: 'Próximos pasos',
    sentiment: 'Sentimiento',
    confidence_score: 'Confianza',
  },
};
