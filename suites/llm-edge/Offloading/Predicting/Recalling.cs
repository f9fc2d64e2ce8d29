namespace Suites.LlmEdge.Offloading.Predicting;

static class Recalling
{
    /// <summary>The score that all but 1 - <paramref name="recall"/> of the open gates reach; 0 where none is open.</summary>
    /// <param name="scores">Of open gates; is sorted.</param>
    public static float Threshold(List<float> scores, double recall)
    {
        if (scores.Count == 0) return 0;
        scores.Sort();
        return scores[Math.Min(scores.Count - 1, (int)Math.Floor((1 - recall) * scores.Count))];
    }
}
