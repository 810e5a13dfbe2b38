#pragma once

#include "doctor/finding.h"

#include <QList>
#include <QObject>
#include <QTimer>

#include <chrono>

namespace cloudnode {

/// Looks at one thing that a node needs, without making anybody wait.
class Check : public QObject {
    Q_OBJECT

public:
    explicit Check(QString subject);

    /// concluded() follows: soon, or after `limit` with the finding that there was no answer.
    void start(std::chrono::milliseconds limit);

signals:
    void concluded(const QList<cloudnode::Finding> &findings); ///< once

protected:
    virtual void look() = 0;
    /// Later calls than the first one count for nothing.
    void conclude(const QList<Finding> &findings);
    const QString &subject() const { return m_subject; }

private:
    void giveUp();

    QString m_subject;
    QTimer m_limit;
    bool m_concluded = false;
};

} // namespace cloudnode
