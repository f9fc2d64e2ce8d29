using Microsoft.Data.Sqlite;

namespace Harness.Queue.Sqlite;

/// <summary>A prepared statement with its parameters in order; belongs to the writer thread.</summary>
sealed class Statement : IDisposable
{
    readonly SqliteCommand _command;

    public Statement(SqliteConnection connection, string text)
    {
        _command = connection.CreateCommand();
        _command.CommandText = text;
        var names = text.Count(letter => letter == '$');
        for (var index = 1; index <= names; index++)
            if (text.Contains($"${index}",
                StringComparison.Ordinal)) _command.Parameters.Add(new SqliteParameter { ParameterName = $"${index}" });
        _command.Prepare();
    }

    /// <summary>Rows that it changed.</summary>
    public int Change(params ReadOnlySpan<object?> values) => Bound(values).ExecuteNonQuery();

    /// <summary>Every row, read by <paramref name="read"/>.</summary>
    public List<T> Rows<T>(Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        using var reader = Bound(values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    public void Dispose() => _command.Dispose();

    SqliteCommand Bound(ReadOnlySpan<object?> values)
    {
        for (var index = 0; index < values.Length; index++) _command.Parameters[index].Value = values[index] ?? DBNull.Value;
        return _command;
    }
}
