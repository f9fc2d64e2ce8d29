using Suites.LlmEdge.Files;

namespace Suites.LlmEdge.Kernels;

/// <summary>Weights of a linear layer, rows [outputs] of <see cref="Width"/> numbers [inputs], where they lie: in a file or in
/// memory.</summary>
sealed unsafe class Matrix(Packing packing, byte* weights, int rows, int width)
{
    public Packing Packing => packing;
    public int Rows => rows;
    public int Width => width;
    public long RowBytes { get; } = packing.RowBytes(width);
    public long Bytes => rows * RowBytes;
    public long Elements => (long)rows * width;
    public byte* Pointer => weights;

    public ReadOnlySpan<byte> Row(int row) => new(weights + row * RowBytes, checked((int)RowBytes));

    public void Unpack(int row, Span<float> into) => packing.Unpack(Row(row), into);

    public float[] Unpacked()
    {
        var values = new float[checked(rows * width)];
        for (var row = 0; row < rows; row++) Unpack(row, values.AsSpan(row * width, width));
        return values;
    }
}

/// <summary>Products of one panel with up to three matrices, shared among the threads of a team by rows.</summary>
sealed unsafe class Product(Instructions instructions) : IShared
{
    const int Most = 3;
    const int PartsPerThread = 6;
    const int FewestRows = 8;

    readonly (Matrix Matrix, MatrixKernel Kernel, nint Output)[] _terms = new (Matrix, MatrixKernel, nint)[Most];
    int _count, _rowsPerPart;
    Panel _panel = null!;

    /// <summary>outputs[token · rows + row] of each matrix for all tokens of the panel.</summary>
    public void Run(Team team, Panel panel, Matrix matrix, float* output)
    {
        Begin(panel);
        Add(matrix, output);
        Finish(team);
    }

    /// <summary>Sees every matrix with its inputs before they are multiplied, and may round them; null where nobody looks.</summary>
    public Action<Matrix, Panel>? Watch { get; set; }

    public void Begin(Panel panel) => (_panel, _count) = (panel, 0);

    public void Add(Matrix matrix, float* output)
    {
        var kernel = MatrixKernel.Of(matrix.Packing, instructions);
        Watch?.Invoke(matrix, _panel);
        _panel.Prepare(kernel.Layout);
        _terms[_count++] = (matrix, kernel, (nint)output);
    }

    public void Finish(Team team)
    {
        var rows = 0;
        for (var i = 0; i < _count; i++) rows += _terms[i].Matrix.Rows;
        _rowsPerPart = Math.Max(FewestRows, (rows + PartsPerThread * team.Threads - 1) / (PartsPerThread * team.Threads));
        var parts = 0;
        for (var i = 0; i < _count; i++) parts += Parts(_terms[i].Matrix);
        team.Run(this, parts);
    }

    int Parts(Matrix matrix) => (matrix.Rows + _rowsPerPart - 1) / _rowsPerPart;

    public void Run(int part, int worker)
    {
        var term = 0;
        for (; part >= Parts(_terms[term].Matrix); term++) part -= Parts(_terms[term].Matrix);
        var (matrix, kernel, output) = _terms[term];
        var first = part * _rowsPerPart;
        kernel.Run(matrix.Pointer + first * matrix.RowBytes, Math.Min(_rowsPerPart, matrix.Rows - first), _panel.View,
            (float*)output + first, matrix.Rows);
    }
}
