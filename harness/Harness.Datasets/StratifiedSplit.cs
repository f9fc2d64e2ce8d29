namespace Harness.Datasets;

/// <summary>Carves a validation part from a training part: from each class the same share, drawn by a seeded shuffle.</summary>
static class StratifiedSplit
{
    /// <summary>
    /// Indices for validation, ascending. Each class gives ⌊count·share⌋; what rounding leaves over goes to the classes with the largest
    /// remainders, lower classes first.
    /// </summary>
    public static int[] Validation(ReadOnlySpan<byte> labels, int size, ulong seed)
    {
        var count = labels.Length;
        var classes = Members(labels);
        var exact = classes.Select(members => (double)members.Length * size / count).ToArray();
        var taken = exact.Select(share => (int)share).ToArray();
        var byRemainder = Enumerable.Range(0, classes.Length).OrderByDescending(i => exact[i] - taken[i]).ThenBy(i => i);
        foreach (var most in byRemainder.Take(size - taken.Sum()).ToArray()) taken[most]++;
        var chance = new Chance(seed);
        var chosen = new List<int>(size);
        for (var i = 0; i < classes.Length; i++)
        {
            chance.Shuffle(classes[i]);
            chosen.AddRange(classes[i].Take(taken[i]));
        }
        chosen.Sort();
        return [.. chosen];
    }

    /// <summary>Indices of each class that occurs, lower classes first.</summary>
    static int[][] Members(ReadOnlySpan<byte> labels)
    {
        var (counts, places) = (new int[byte.MaxValue + 1], new int[byte.MaxValue + 1]);
        foreach (var label in labels) counts[label]++;
        var members = Array.ConvertAll(counts, count => new int[count]);
        for (var index = 0; index < labels.Length; index++) members[labels[index]][places[labels[index]]++] = index;
        return Array.FindAll(members, indices => indices.Length > 0);
    }
}
