/** The agents of a stage, as text. */

import { texts } from '@/config/texts';
import { agentTexts } from '@/config/texts/agents';
import { formatList } from '@/lib/intl';
import type { Agent, StageAgents } from '@/lib/types';

export type StageAgent = StageAgents[number];
export const CONDITIONS = ['language', 'hours'] as const;

export function agentNameOf(agentId: string, agents: readonly Agent[]): string {
  return agents.find((each) => each.agent_id === agentId)?.agent_name ?? texts.common.unknown;
}

/** The agent's name, with its conditions in brackets. */
export function stageAgentLabel({ agent_id, conditions = [] }: StageAgent, agents: readonly Agent[]): string {
  const name = agentNameOf(agent_id, agents);
  const shown = CONDITIONS.filter((each) => conditions.includes(each)).map((each) => agentTexts.shortConditions[each]);
  return shown.length ? `${name} (${formatList(shown)})` : name;
}
