import type { Translation } from '../../translate';
import type * as en from '../settings';

export const settings: Translation<typeof en.settings> = {
  business: 'Empresa',
  description: 'Qué sabe su asistente y cómo responde. Los cambios se aplican a partir del próximo mensaje.',
  profile: 'Perfil',
  profileHint:
    "Los prompts contienen estos textos como '{business_info}', o uno a uno, por ejemplo '{business.address}'. La próxima respuesta usará lo que introduzca aquí.",
  businessName: 'Nombre',
  businessNameNeeded: 'Introduzca un nombre.',
  profileFields: {
    business_description: {
      label: 'Descripción',
      hint: 'Qué ofrece la empresa y qué debe saber el asistente sobre ella. Forma parte del prompt de cada respuesta.',
    },
    address: {
      label: 'Dirección',
      hint: 'El asistente la da a los clientes que preguntan dónde están.',
    },
    phone_number: {
      label: 'Número de teléfono',
      hint: 'El asistente lo da a los clientes que quieren llamar.',
    },
    website: {
      label: 'Sitio web',
      hint: 'El asistente lo da a los clientes que buscan más información.',
    },
  },
  hours: 'Horario de atención e idiomas',
  hoursHint:
    "Los prompts contienen el horario de atención como '{business_hours}', y tanto el horario como los idiomas como parte de '{business_info}'. Mientras la empresa está cerrada, la respuesta que pasa la conversación a una persona indica cuándo volverá a haber alguien.",
  hoursLabels: {
    title: 'Horario de atención',
    onlyThen: 'La empresa tiene horario de atención',
    always: 'Los prompts no contienen ningún horario, y se considera que siempre hay personas disponibles.',
  },
  languagesHint:
    'Vacío: los clientes reciben respuestas en el idioma en que escriben. De lo contrario, solo en estos idiomas, y en el primero si escriben en otro.',
  quietHours: 'Horas de silencio',
  quietHoursHint:
    'A estas horas, el asistente no escribe por iniciativa propia. Los mensajes que sus sistemas envían como asistente esperan hasta que terminan las horas de silencio. Se aplica la zona horaria del cliente o, si no se conoce, la de la empresa. Las respuestas no esperan.',
  keepsQuietHours: 'El asistente respeta las horas de silencio',
  quietTimes: {
    start: 'Desde',
    end: 'Hasta',
  },
  quietTimesInvalid: 'Introduzca dos horas diferentes.',
  conversations: 'Conversaciones',
  conversationsHint: 'Cómo se elige la etapa de un mensaje y cuándo empieza una conversación nueva.',
  startingStage: 'Etapa inicial',
  startingStageHint: 'Donde está una conversación nueva hasta que un mensaje corresponde a otra etapa.',
  firstStage: 'La primera etapa de la lista',
  numbers: {
    confidence: {
      label: 'Confianza mínima (%)',
      hint: 'Una etapa solo se elige si el asistente tiene al menos esta certeza; de lo contrario, la conversación se queda donde está. Cada etapa puede tener su propio mínimo. Vacío: 50.',
    },
    idle_minutes: {
      label: 'Tiempo de inactividad (minutos)',
      hint: 'Tras este tiempo sin mensajes, el próximo mensaje inicia una conversación nueva. Vacío: 30.',
    },
    summary_messages: {
      label: 'Mensajes por resumen',
      hint: 'Tras este número de mensajes, el resumen de la conversación se actualiza con la próxima respuesta. 0: nunca. Vacío: 20.',
    },
  },
  numberInvalid: 'Introduzca un número de {min, number} a {max, number}, o nada.',
  integerInvalid: 'Introduzca un número entero de {min, number} a {max, number}, o nada.',
  ownTexts: {
    handover_message: {
      label: 'Texto cuando responderá una persona',
      hint: 'Se envía cuando el asistente pasa la conversación a una persona sin una respuesta propia. Puede contener variables. Vacío: un texto estándar en el idioma del mensaje.',
    },
    clarifying_question: {
      label: 'Pregunta ante un mensaje poco claro',
      hint: 'Se envía, sin modelo, si un mensaje no corresponde a ninguna etapa. Puede contener variables. Vacío: un texto estándar en el idioma del mensaje.',
    },
  },
  modelPage: 'Modelo',
  modelPageHint: 'Qué modelo de lenguaje responde al próximo mensaje, y cómo.',
  model: 'Modelo de lenguaje',
  modelHint:
    'Los prompts se envían a este modelo, salvo que una plantilla indique otro. Los pasos de cada respuesta muestran qué modelo respondió.',
  servers: {
    platform: {
      title: 'El modelo de esta plataforma',
      hint: 'Lo proporciona el operador de la plataforma.',
    },
    own: {
      title: 'Su propio servidor de modelos o cuenta',
      hint: 'Los prompts se envían, con su clave, a un servidor con una API compatible con OpenAI. Debe ser accesible desde internet.',
    },
  },
  noPlatformModel: 'Esta plataforma no tiene modelo, así que se responde según las reglas.',
  modelName: 'Modelo',
  modelNameHint: 'Vacío: {byDefault}.',
  noDefaultModel: 'Esta plataforma no tiene modelo.',
  allowedModelHint: 'El operador de la plataforma permite estos modelos.',
  modelRefused: 'El operador ya no permite {name}. En su lugar responde {byDefault}.',
  defaultModel: 'Predeterminado ({name})',
  ownModelHint: 'El nombre de un modelo que tenga el servidor. Las plantillas pueden indicar otros.',
  serverUrl: 'URL',
  serverUrlHint: 'La URL base, como https://api.openai.com/v1.',
  serverKey: 'Clave de API',
  keyHint: 'Solo se envía a este servidor. Se guarda como secreto y no se vuelve a mostrar. Vacío: sin clave.',
  keyStored: 'Este servidor recibe la clave del secreto “{name}”. Introduzca otra para reemplazarla.',
  keyTooShort: 'Una clave tiene al menos {length, plural, one {# carácter} other {# caracteres}}.',
  withoutKey: 'No usar clave',
  modelNumbers: {
    temperature: {
      label: 'Temperatura',
      hint: 'De 0 (siempre las mismas palabras) a 2 (más variedad). Vacío: el valor predeterminado del modelo.',
    },
    max_tokens: {
      label: 'Longitud máxima (tokens)',
      hint: 'Las respuestas más largas se cortan. Vacío: el valor predeterminado del modelo.',
    },
    timeout: {
      label: 'Límite de tiempo (segundos)',
    },
  },
  timeoutHint:
    'Pasado este tiempo, la llamada falla y se repite. Si sigue fallando, se envía la respuesta fija de la etapa. Vacío: {seconds, number}.',
  images: 'El modelo admite imágenes',
  imagesHint:
    'El asistente ve entonces las imágenes que los clientes envían por los canales, hasta tres por mensaje. De lo contrario, responde que no puede verlas.',
  test: 'Probar',
  tested: '{model} respondió en {duration}:',
  testFailed: '{model} no respondió:',
  pause: 'Pausar el asistente',
  pauseHint:
    'Mientras está en pausa, el asistente no responde a los clientes. Sus mensajes esperan a su equipo en la bandeja de entrada.',
  pauseSwitch: 'Pausar el asistente para toda la empresa',
  pauseTitle: '¿Pausar el asistente?',
  pauseBody:
    'Deja de responder de inmediato en todas las conversaciones, también en las que está respondiendo ahora mismo. Su equipo puede responder en la bandeja de entrada. Los mensajes que lleguen durante la pausa esperan a que los atienda una persona.',
  pauseConfirm: 'Pausar',
  pausedNow: 'El asistente está en pausa.',
  resumedNow: 'El asistente vuelve a responder.',
  handover: 'Cuándo interviene una persona',
  handoverHint:
    'El asistente pasa la conversación a su equipo en estos casos y en las etapas de agentes humanos. No vuelve a responder hasta que alguien le devuelva la conversación.',
  handoverRules: {
    needs_person: 'La respuesta dice que contestará una persona',
    low_confidence: 'La etapa fue incierta dos veces seguidas',
    failed_lookups: 'Una consulta falló o no encontró nada dos veces seguidas',
  },
  keywords: 'Palabras clave',
  keywordsHint:
    'Una por línea. Un mensaje que contenga alguna de ellas como palabra completa pasa de inmediato a una persona.',
  agents: 'Agentes',
  agentsHint:
    'Las etapas pueden asignarse a agentes. Las conversaciones de las etapas de un agente humano se asignan por turnos a sus miembros.',
  noAgents: 'Todavía no hay agentes.',
  newAgent: 'Nuevo agente',
  editAgent: 'Editar “{name}”',
  deleteAgent: 'Eliminar “{name}”',
  deleteAgentTitle: '¿Eliminar “{name}”?',
  deleteAgentHint: 'Las etapas que también tienen otros agentes los conservan. Las demás etapas se quedan sin agente.',
  agentNameNeeded: 'Introduzca un nombre.',
  agentType: 'Tipo',
  agentTypes: {
    human: 'Humano',
    ai: 'Asistente',
  },
  humanWith: 'Humano, {n, plural, =0 {sin miembros} one {# miembro} other {# miembros}}',
  members: 'Miembros',
  membersHint: 'Las conversaciones nuevas se asignan a cada uno por turnos.',
  noMembers: 'Esta empresa todavía no tiene miembros con el rol de agente o propietario.',
  writable: 'Qué pueden cambiar las acciones',
  writableHint:
    'Las acciones de las etapas pueden cambiar estos campos del cliente que escribe y de los pedidos de ese mismo cliente. Los campos no seleccionados nunca cambian.',
  writableOwners: {
    orders: 'Pedidos',
    customer: 'Cliente',
  },
  writableEmail:
    'Es posible que otros sistemas identifiquen al cliente por esta dirección. Haga que las acciones que la cambian pregunten primero.',
  speculation: 'Velocidad y coste de las respuestas',
  speculationHint:
    'Para responder a un mensaje, ICMP hace tres preguntas al modelo: a qué etapa corresponde el mensaje, qué información contiene y qué responder. Puede hacer la siguiente pregunta antes de conocer la respuesta anterior. Así es más rápido, pero una respuesta que al final no sirve se descarta y aun así cuesta dinero. Los clientes nunca ven nada de esto. Los pasos de cada respuesta muestran cuánto se ahorró y cuánto costó.',
  modes: {
    off: {
      title: 'Una pregunta cada vez',
      hint: 'La opción más lenta y económica. Una respuesta espera tres respuestas del modelo.',
    },
    extraction: {
      title: 'Etapa e información a la vez',
      hint: 'Una respuesta espera dos respuestas del modelo. Si la etapa cambia, se descarta una. Es la opción predeterminada.',
    },
    full: {
      title: 'Las tres a la vez, si es poco probable que cambie la etapa',
      hint: 'Muchas respuestas esperan una sola respuesta del modelo. ICMP prepara la respuesta por adelantado si la conversación ya estaba en su etapa y el mensaje es afín a ella. La respuesta se descarta si la etapa cambia o si el mensaje contiene información nueva que la respuesta necesita. ICMP no prepara ninguna respuesta por adelantado en las etapas que tienen acciones, en las que aún falta información obligatoria o en las que se consulta algo con la información del mensaje.',
    },
  },
};
