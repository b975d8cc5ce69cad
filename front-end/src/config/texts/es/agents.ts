import type { Translation } from '../../translate';
import type * as en from '../agents';

export const agentTexts: Translation<typeof en.agentTexts> = {
  languageWithTag: '{name} ({tag})',
  instructions: 'Instrucciones',
  instructionsHint:
    "Qué debe tener en cuenta el agente en sus respuestas, como el tono. Las plantillas lo muestran como '{agent_instructions}'.",
  languages: 'Idiomas',
  languagesHint: 'Déjelo vacío para cualquier idioma. Las etapas pueden elegir el agente según el idioma del cliente.',
  languageInvalid: '“{text}” no es un idioma. Introduzca un nombre, como alemán, o una etiqueta, como pt-BR.',
  workingHours: 'Horario de trabajo',
  onlyInWorkingHours: 'Solo durante el horario de trabajo',
  alwaysHint:
    'Disponible en todo momento. Un agente humano está disponible mientras la empresa está abierta, si tiene horario de atención.',
  hoursHint:
    'En la zona horaria de la empresa ({timezone}). Si la hora final es anterior a la inicial, corresponde al día siguiente.',
  hoursNeeded: 'Añada al menos un intervalo o desactive el horario de trabajo.',
  days: {
    monday: 'Lunes',
    tuesday: 'Martes',
    wednesday: 'Miércoles',
    thursday: 'Jueves',
    friday: 'Viernes',
    saturday: 'Sábado',
    sunday: 'Domingo',
  },
  start: 'Desde',
  end: 'Hasta',
  startOf: '{day}, desde ({number, number})',
  endOf: '{day}, hasta ({number, number})',
  intervalInvalid: 'Introduzca dos horas distintas.',
  addInterval: 'Añadir horario',
  closed: 'Cerrado',
  addIntervalOn: 'Añadir horario: {day}',
  removeInterval: 'Quitar el horario {number, number}: {day}',
  speaks: 'Idiomas: {languages}',
  hasWorkingHours: 'Tiene horario de trabajo',
  timezone: 'Zona horaria de la empresa',
  timezoneHint:
    'Para el horario de atención y de trabajo, y para las horas de los prompts si no se conoce la zona horaria del cliente.',
  ofStage: 'Agentes',
  ofStageHint:
    'Es responsable el primer agente que cumpla todas sus condiciones. Un agente humano asume la conversación.',
  ofStageNone: 'Sin agente. Responde el asistente.',
  noAgentsYet: 'Todavía no hay agentes. Los propietarios pueden crearlos en los ajustes.',
  agentNumber: 'Agente {number, number}',
  add: 'Añadir agente',
  remove: 'Quitar {name}',
  moveUp: 'Mover {name} hacia arriba',
  moveDown: 'Mover {name} hacia abajo',
  conditionsOf: 'Condiciones de {name}',
  conditions: {
    language: 'Habla el idioma del cliente',
    hours: 'Está en su horario de trabajo',
  },
  shortConditions: {
    language: 'idioma',
    hours: 'horario de trabajo',
  },
  noMatch:
    'Si ningún agente cumple las condiciones, es responsable aquel cuyo horario de trabajo empiece antes, siempre que cumpla sus demás condiciones. De lo contrario, es el último agente de la lista.',
};
