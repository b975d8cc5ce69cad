import type { Translation } from '../../translate';
import type * as en from '../shell';

export const nav: Translation<typeof en.nav> = {
  label: 'Páginas',
  open: 'Abrir la navegación',
  skip: 'Ir al contenido',
  inbox: 'Bandeja de entrada',
  chat: 'Zona de pruebas',
  assistant: 'Asistente',
  data: 'Datos',
  insights: 'Análisis',
  analytics: 'Análisis',
  overview: 'Resumen',
  paths: 'Recorridos',
  cost: 'Coste',
  speed: 'Velocidad',
  handovers: 'Traspasos',
  unansweredFigures: 'Sin respuesta',
  anomalies: 'Anomalías',
  conversations: 'Conversaciones',
  feedback: 'Valoraciones',
  stages: 'Etapas',
  templates: 'Plantillas',
  cannedReplies: 'Respuestas rápidas',
  variables: 'Variables',
  tests: 'Pruebas',
  changes: 'Cambios',
  knowledge: 'Conocimiento',
  gettingStarted: 'Primeros pasos',
  articles: 'Artículos',
  unanswered: 'Preguntas sin respuesta',
  integrations: 'Integraciones',
  customers: 'Clientes',
  orders: 'Pedidos',
  products: 'Productos',
  events: 'Eventos',
  imports: 'Importaciones',
  hooks: 'Hooks',
  secrets: 'Secretos',
  channels: 'Canales',
  webhooks: 'Webhooks',
  llmCalls: 'Llamadas al LLM',
  settings: 'Ajustes',
  business: 'Empresa',
  model: 'Modelo',
  budget: 'Presupuesto',
  agents: 'Agentes',
  team: 'Equipo',
  privacy: 'Privacidad',
  auditLog: 'Registro de auditoría',
  exportAndDelete: 'Exportar y eliminar',
  health: 'Estado del sistema',
  apiKeys: 'Claves de API',
  security: 'Seguridad',
  signOut: 'Cerrar sesión',
  switchBusiness: 'Cambiar de empresa',
  newBusiness: 'Crear una empresa…',
  theme: 'Apariencia',
  roles: {
    owner: 'Propietario',
    agent: 'Agente',
    viewer: 'Lector',
  },
  operator: 'Operador',
  operatorArea: 'Área del operador',
  businesses: 'Empresas',
  users: 'Usuarios',
  defaultTemplates: 'Plantillas predeterminadas',
  platformHealth: 'Estado de la plataforma',
  businessKey: 'Clave de empresa',
  keyRole: 'Acceso completo',
  themes: {
    system: 'Sistema',
    light: 'Claro',
    dark: 'Oscuro',
  },
};

export const unsaved: Translation<typeof en.unsaved> = {
  title: '¿Salir sin guardar?',
  body: 'Sus cambios no se han guardado.',
  stay: 'Quedarse',
  leave: 'Salir sin guardar',
};

export const rulesMode: Translation<typeof en.rulesMode> = {
  title: 'Modo de reglas: no hay ningún modelo de lenguaje conectado.',
  more: 'Conectar uno',
  dismiss: 'Descartar este aviso',
  body: 'Las etapas se eligen por similitud y se responden con sus respuestas fijas. Los propietarios pueden conectar su propio modelo en Ajustes → Modelo. El operador puede conectar uno para todas las empresas: debe definir OPENAI_API_KEY (u OPENAI_BASE_URL para otro servidor) y reiniciar ICMP.',
};

export const webhookNotice: Translation<typeof en.webhookNotice> = {
  disabled:
    '{n, plural, one {Se desactivó un webhook porque fallaba.} other {Se desactivaron # webhooks porque fallaban.}}',
  show: 'Mostrar',
};

export const budgetNotice: Translation<typeof en.budgetNotice> = {
  day: 'Se ha gastado el {share, number, ::percent} del presupuesto de hoy.',
  month: 'Se ha gastado el {share, number, ::percent} del presupuesto de este mes.',
  show: 'Ver el presupuesto',
};

export const modelStatus: Translation<typeof en.modelStatus> = {
  short: {
    ok: 'Modelo disponible',
    degraded: 'Modelo inestable',
    down: 'El modelo no responde',
    none: 'Modo de reglas',
    unknown: 'Modelo sin uso reciente',
  },
  degraded: 'Algunas llamadas al modelo de lenguaje fallan',
  down: 'El modelo de lenguaje no responde',
  since: '(desde {time})',
  showCalls: 'Ver las llamadas fallidas',
};

export const live: Translation<typeof en.live> = {
  offline: 'No tiene conexión. Es posible que esta página no esté actualizada y no se pueden guardar cambios.',
  interrupted:
    'Las actualizaciones en vivo están interrumpidas. Es posible que esta página no esté actualizada. Reconectando…',
};
