using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Harness.Queue.Sqlite;

/// <summary>
/// A prepared statement with its parameters in order; belongs to the writer thread. It speaks to SQLite directly: the commands of the
/// provider
/// cost as much as the statements themselves.
/// </summary>
sealed class Statement : IDisposable
{
    readonly sqlite3 _connection;
    readonly sqlite3_stmt _statement;

    public Statement(SqliteConnection connection, string text)
    {
        _connection = connection.Handle!;
        // $2 is a name to SQLite and ?2 the second parameter.
        Check(raw.sqlite3_prepare_v2(_connection, text.Replace('$', '?'), out _statement));
    }

    /// <summary>Rows that it changed.</summary>
    public int Change(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        try
        {
            if (raw.sqlite3_step(_statement) is var outcome and not raw.SQLITE_DONE) Check(outcome);
            return raw.sqlite3_changes(_connection);
        }
        finally
        {
            raw.sqlite3_reset(_statement);
        }
    }

    /// <summary>Every row, read by <paramref name="read"/>.</summary>
    public List<T> Rows<T>(Func<Row, T> read, params ReadOnlySpan<object?> values)
    {
        Bind(values);
        try
        {
            var rows = new List<T>();
            int outcome;
            while ((outcome = raw.sqlite3_step(_statement)) == raw.SQLITE_ROW) rows.Add(read(new(_statement)));
            if (outcome != raw.SQLITE_DONE) Check(outcome);
            return rows;
        }
        finally
        {
            raw.sqlite3_reset(_statement);
        }
    }

    public void Dispose() => _statement.Dispose();

    void Bind(ReadOnlySpan<object?> values)
    {
        for (var index = 0; index < values.Length; index++)
            Check(values[index] switch
            {
                null => raw.sqlite3_bind_null(_statement, index + 1),
                string text => raw.sqlite3_bind_text(_statement, index + 1, text),
                long number => raw.sqlite3_bind_int64(_statement, index + 1, number),
                int number => raw.sqlite3_bind_int64(_statement, index + 1, number),
                var other => throw new ArgumentException($"A parameter cannot be a {other.GetType().Name}.", nameof(values)),
            });
    }

    void Check(int outcome) => SqliteException.ThrowExceptionForRC(outcome, _connection);

    /// <summary>The row at which a statement stands.</summary>
    public readonly struct Row(sqlite3_stmt statement)
    {
        public string GetString(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();
        public long GetInt64(int column) => raw.sqlite3_column_int64(statement, column);
        public int GetInt32(int column) => raw.sqlite3_column_int(statement, column);
        public bool IsDBNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;
    }
}
