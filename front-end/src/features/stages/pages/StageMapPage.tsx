import { FormControlLabel, Switch } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Page } from '@/components/Page';
import { TextWith } from '@/components/TextWith';
import { Time } from '@/components/Time';
import { StageMap } from '@/components/stageMap/StageMap';
import { Empty, QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { stagesQuery } from '@/lib/queries';
import { transitionsQuery } from '@/lib/stages';

export default function StageMapPage() {
  const [includeTests, setIncludeTests] = useState(false);
  const stages = useQuery(stagesQuery());
  const transitions = useQuery(transitionsQuery(includeTests));
  return (
    <Page
      title={texts.stageMap.title}
      description={texts.stageMap.description}
      back={{ to: paths.stages, label: texts.stages.title }}
      actions={
        <FormControlLabel
          control={<Switch checked={includeTests} onChange={(_, isOn) => setIncludeTests(isOn)} />}
          label={texts.stageMap.includeTests}
        />
      }
    >
      <QueryView query={stages}>
        {(rows) => (
          <QueryView query={transitions}>
            {(map) =>
              map.transitions.length ? (
                <StageMap
                  stages={rows}
                  transitions={map.transitions}
                  caption={
                    map.since ? (
                      <TextWith
                        text={(values) => texts.stageMap.counted({ n: map.turns, ...values })}
                        values={{ time: <Time iso={map.since} /> }}
                      />
                    ) : (
                      texts.stageMap.noneCounted
                    )
                  }
                />
              ) : (
                <Empty title={texts.stageMap.empty} hint={includeTests ? '' : texts.stageMap.emptyHint} />
              )
            }
          </QueryView>
        )}
      </QueryView>
    </Page>
  );
}
