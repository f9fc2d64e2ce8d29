namespace Suites.Clustering.Metrics;

/// <summary>
/// The assignment of rows to different columns with the least total cost, exactly: shortest augmenting paths with potentials (Jonker and
/// Volgenant 1987), O(rows² columns).
/// </summary>
static class LinearAssignment
{
    /// <param name="costs">[row, column], at least as many columns as rows, every number finite.</param>
    /// <returns>The column of each row.</returns>
    public static int[] Least(double[,] costs)
    {
        var (rows, columns) = (costs.GetLength(0), costs.GetLength(1));
        if (rows > columns) throw new ArgumentException($"{rows} rows need as many columns; there are {columns}.", nameof(costs));
        var (ofRow, ofColumn) = (new double[rows], new double[columns]);
        var rowOf = new int[columns];
        Array.Fill(rowOf, -1);
        for (var row = 0; row < rows; row++) Augment(costs, row, ofRow, ofColumn, rowOf);
        var assigned = new int[rows];
        for (var column = 0; column < columns; column++)
            if (rowOf[column] >= 0) assigned[rowOf[column]] = column;
        return assigned;
    }

    static void Augment(double[,] costs, int start, double[] ofRow, double[] ofColumn, int[] rowOf)
    {
        var columns = rowOf.Length;
        var (least, before, done) = (new double[columns], new int[columns], new bool[columns]);
        Array.Fill(least, double.PositiveInfinity);
        var (row, last, reached) = (start, -1, 0.0);
        var scanned = new List<(int Row, double Reached)> { (start, 0) };
        while (true)
        {
            var next = -1;
            for (var column = 0; column < columns; column++)
            {
                if (done[column]) continue;
                var length = reached + costs[row, column] - ofRow[row] - ofColumn[column];
                if (length < least[column]) (least[column], before[column]) = (length, last);
                if (next < 0 || least[column] < least[next]) next = column;
            }
            (reached, done[next], last) = (least[next], true, next);
            if (rowOf[next] < 0) break;
            row = rowOf[next];
            scanned.Add((row, reached));
        }
        foreach (var (of, at) in scanned) ofRow[of] += reached - at;
        for (var column = 0; column < columns; column++)
            if (done[column]) ofColumn[column] += least[column] - reached;
        while (last >= 0)
        {
            var previous = before[last];
            rowOf[last] = previous < 0 ? start : rowOf[previous];
            last = previous;
        }
    }
}
