import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { apiCalls } from '@/config/texts/apiCalls';
import type { PlaceholderNames } from '@/lib/placeholderNames';
import { secretsQuery } from '@/lib/queries';

/** The names that a call to another system can use: also the secrets of the business. */
export function useCallNames(names: PlaceholderNames): PlaceholderNames {
  const secrets = useQuery(secretsQuery());
  return useMemo(() => {
    const all = (secrets.data ?? []).map(({ name }) => `secret.${name}`);
    return {
      known: { ...names.known, variables: new Set([...names.known.variables, ...all]) },
      suggestions: [...names.suggestions, ...all.map((name) => ({ name, description: apiCalls.secret }))],
      isLoaded: names.isLoaded && secrets.data !== undefined,
      hasSecrets: true,
    };
  }, [names, secrets.data]);
}
