import { insightsTexts } from '@/config/texts/insights';

/** The name of a stage in a row of figures. */
export function stageName(row: { stage_id: string | null; stage_name: string | null }): string {
  return row.stage_name ?? (row.stage_id ? insightsTexts.deletedStage : insightsTexts.noStage);
}
