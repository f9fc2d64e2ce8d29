namespace Suites.Fisbe.Segmentation;

/// <summary>Sets that only ever grow together (Tarjan 1975), with union by size.</summary>
sealed class DisjointSets(int count)
{
    readonly int[] _parent = [.. Enumerable.Range(0, count)];
    readonly int[] _size = [.. Enumerable.Repeat(1, count)];

    /// <summary>The element that stands for the set of <paramref name="element"/>.</summary>
    public int Find(int element)
    {
        while (_parent[element] != element)
        {
            _parent[element] = _parent[_parent[element]];
            element = _parent[element];
        }
        return element;
    }

    /// <summary>Joins two sets; returns the one that stands for both, and the one that no longer stands for any.</summary>
    public (int Kept, int Gone) Join(int one, int other)
    {
        var (kept, gone) = (Find(one), Find(other));
        if (_size[kept] < _size[gone]) (kept, gone) = (gone, kept);
        if (kept != gone) _size[kept] += _size[gone];
        _parent[gone] = kept;
        return (kept, gone);
    }
}
