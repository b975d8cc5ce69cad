/** Short names for the generated API types. */

import type { components } from './schema.gen';

type Schemas = components['schemas'];

export type Me = Schemas['login'];
export type LoginSession = Schemas['session'];
export type Business = Schemas['business'];
export type Stage = Schemas['stage'];
export type StageDetail = Schemas['stage_detail'];
export type StagePrompt = Schemas['stage_prompt'];
export type StageCreate = Schemas['stages_create'];
export type StageUpdate = Schemas['stages_update'];
export type DataRetrieval = Schemas['data_retrieval'];
export type Agent = Schemas['agent'];
export type WorkingHours = Schemas['working_hours'];
export type StageAgents = Schemas['stage_agents'];
export type Template = Schemas['template'];
export type TemplateVersion = Schemas['template_version'];
export type TemplateUpdate = Schemas['templates_update'];
export type ModelSettings = Schemas['model_settings'];
export type Preview = Schemas['template_previewed'];
export type Variable = Schemas['variables'][number];
export type Secret = Schemas['secret'];
export type Webhook = Schemas['webhook'];
export type WebhookCreate = Schemas['webhooks_create'];
export type WebhookUpdate = Schemas['webhooks_update'];
export type WebhookDelivery = Schemas['webhook_delivery'];
export type ApiCall = Schemas['api_call'];
export type ApiCallTried = Schemas['api_call_tried'];
export type User = Schemas['user'];
export type Conversation = Schemas['conversation'];
export type ConversationDetail = Schemas['conversation_detail'];
export type Message = Schemas['message'];
export type MessageAnswer = Schemas['message_answer'];
export type MessageCreate = Schemas['messages_create'];
export type Turn = Schemas['turn'];
export type ActionOutcome = Schemas['action_outcome'];
export type TurnDetail = Schemas['turn_detail'];
export type TurnStep = Schemas['turn_step'];
export type LlmCall = Schemas['llm_call'];
export type LlmCallDetail = Schemas['llm_call_detail'];
export type StepName = TurnStep['step'];
export type ModelStatus = Schemas['model_status'];
export type Takeover = Schemas['takeover'];
export type Counts = Schemas['conversation_counts'];
export type CannedReply = Schemas['canned_reply'];
