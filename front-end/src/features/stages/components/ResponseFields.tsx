import { Alert } from '@mui/material';
import { useMemo } from 'react';
import { texts } from '@/config/texts';
import { agentTexts } from '@/config/texts/agents';
import { useFormContext } from '@/lib/form';
import type { Agent, DataRetrieval } from '@/lib/types';
import { ActionsFields } from './ActionsFields';
import { RetrievalFields } from './RetrievalFields';
import { StageAgentsField } from './StageAgentsField';
import { StageSection } from './StageSection';
import {
  type Action,
  type Problem,
  actionProblemsOf,
  collectedFieldsOf,
  problemText,
  problemsBelow,
} from './actionForm';
import type { StageForm } from './stageForm';

interface Props {
  agents: readonly Agent[];
  /** All errors of the server for what was last sent. */
  problems: readonly Problem[];
  onRetrievalChange: (retrieval: DataRetrieval) => void;
  onActionsChange: (actions: Action[]) => void;
}

/** What a stage looks up and does before it replies, and who replies. */
export function ResponseFields({ agents, problems, onRetrievalChange, onActionsChange }: Props) {
  const { extraction_schema: schema, data_retrieval: retrieval, actions } = useFormContext<StageForm>().values;
  const fields = useMemo(() => collectedFieldsOf(schema), [schema]);
  const actionProblems = useMemo(() => actionProblemsOf(problems), [problems]);
  return (
    <>
      <StageSection title={texts.stages.sectionRetrieval}>
        <Errors problems={problemsBelow(problems, '$.data_retrieval')} />
        <RetrievalFields value={retrieval} onChange={onRetrievalChange} />
      </StageSection>
      <StageSection title={texts.stages.actions}>
        <ActionsFields value={actions} onChange={onActionsChange} fields={fields} problems={actionProblems} />
      </StageSection>
      <StageSection title={agentTexts.ofStage}>
        <StageAgentsField agents={agents} />
      </StageSection>
    </>
  );
}

function Errors({ problems }: { problems: readonly Problem[] }) {
  return (
    problems.length > 0 && (
      <Alert severity="error">
        {problems.map((each) => (
          <div key={each.path + each.message}>{problemText(each)}</div>
        ))}
      </Alert>
    )
  );
}
